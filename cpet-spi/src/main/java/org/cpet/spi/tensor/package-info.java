/** The only door to engine-specific kernels: {@link org.cpet.spi.tensor.Ops}. */
@NullMarked
package org.cpet.spi.tensor;

import org.jspecify.annotations.NullMarked;
