/** Checks of the SPI as a whole: what it may depend on, and what it looks like from outside. */
@NullMarked
package org.cpet.spi.architecture;

import org.jspecify.annotations.NullMarked;
