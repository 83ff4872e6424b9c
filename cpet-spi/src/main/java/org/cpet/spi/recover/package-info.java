/** Recovery modules R, which restore what compression lost. */
@NullMarked
package org.cpet.spi.recover;

import org.jspecify.annotations.NullMarked;
