/** Datasets and task templates. */
@NullMarked
package org.cpet.spi.data;

import org.jspecify.annotations.NullMarked;
