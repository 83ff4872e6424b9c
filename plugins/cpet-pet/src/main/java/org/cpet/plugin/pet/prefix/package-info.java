/** Prefix tuning: {@link org.cpet.plugin.pet.prefix.Prefix}. Depends on the SPI alone. */
@NullMarked
package org.cpet.plugin.pet.prefix;

import org.jspecify.annotations.NullMarked;
