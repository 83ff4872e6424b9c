/** Parallel adapters: {@link org.cpet.plugin.pet.parallel.ParallelAdapter}. Depends on the SPI alone. */
@NullMarked
package org.cpet.plugin.pet.parallel;

import org.jspecify.annotations.NullMarked;
