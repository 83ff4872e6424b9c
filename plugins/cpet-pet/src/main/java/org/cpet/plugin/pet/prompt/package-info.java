/** Prompt tuning: {@link org.cpet.plugin.pet.prompt.Prompt}. Depends on the SPI alone. */
@NullMarked
package org.cpet.plugin.pet.prompt;

import org.jspecify.annotations.NullMarked;
