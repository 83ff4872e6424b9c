/** BitFit: {@link org.cpet.plugin.pet.bitfit.BitFit}. Depends on the SPI alone. */
@NullMarked
package org.cpet.plugin.pet.bitfit;

import org.jspecify.annotations.NullMarked;
