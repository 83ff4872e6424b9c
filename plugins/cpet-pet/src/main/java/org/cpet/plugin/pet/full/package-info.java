/**
 * Full fine-tuning as a PET method: every tensor of the model is trained. Depends on the SPI alone.
 */
@NullMarked
package org.cpet.plugin.pet.full;

import org.jspecify.annotations.NullMarked;
