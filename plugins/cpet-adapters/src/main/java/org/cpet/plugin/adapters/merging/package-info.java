/** One adapter of several: sums, TIES, and few-shot composition. Depends on the SPI alone. */
@NullMarked
package org.cpet.plugin.adapters.merging;

import org.jspecify.annotations.NullMarked;
