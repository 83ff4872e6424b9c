/** Compacter: {@link org.cpet.plugin.pet.compacter.Compacter}. Depends on the SPI alone. */
@NullMarked
package org.cpet.plugin.pet.compacter;

import org.jspecify.annotations.NullMarked;
