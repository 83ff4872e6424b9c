/** Compression: M to C, with a report of what was kept. */
@NullMarked
package org.cpet.spi.compress;

import org.jspecify.annotations.NullMarked;
