/**
 * Vectors of −1, 0 and +1 as two bit masks: selection, arithmetic on whole words, and Golomb-coded gaps. Depends on the SPI
 * alone.
 */
@NullMarked
package org.cpet.plugin.adapters.ternary;

import org.jspecify.annotations.NullMarked;
