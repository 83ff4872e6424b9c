/**
 * What PET methods share that put small tensors at many places of a model: {@link org.cpet.plugin.pet.part.Part} is one
 * place, {@link org.cpet.plugin.pet.part.PartsModule} all of them.
 */
@NullMarked
package org.cpet.plugin.pet.part;

import org.jspecify.annotations.NullMarked;
