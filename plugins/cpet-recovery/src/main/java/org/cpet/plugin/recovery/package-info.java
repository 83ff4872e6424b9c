/**
 * Recovery modules R beside compressed layers: {@link org.cpet.plugin.recovery.Bottleneck}. Depends on the SPI alone.
 */
@NullMarked
package org.cpet.plugin.recovery;

import org.jspecify.annotations.NullMarked;
