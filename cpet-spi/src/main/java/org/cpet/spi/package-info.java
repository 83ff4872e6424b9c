/**
 * The entry of the SPI: {@link org.cpet.spi.ExtensionFactory} is the shape of every extension point, {@link
 * org.cpet.spi.Option} declares what a recipe may say to it.
 */
@NullMarked
package org.cpet.spi;

import org.jspecify.annotations.NullMarked;
