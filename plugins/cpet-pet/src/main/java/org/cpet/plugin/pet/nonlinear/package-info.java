/**
 * A non-linear bottleneck beside each layer, as PET: {@link org.cpet.plugin.pet.nonlinear.Bottleneck}. Depends on the SPI
 * alone.
 */
@NullMarked
package org.cpet.plugin.pet.nonlinear;

import org.jspecify.annotations.NullMarked;
