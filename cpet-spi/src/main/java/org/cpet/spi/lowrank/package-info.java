/**
 * What every low-rank side path shares, whether it learns a task or recovers what compression lost: {@link
 * org.cpet.spi.lowrank.LowRankForm} says what is put beside each layer, {@link org.cpet.spi.lowrank.LowRankModule} is
 * what then stands in a model.
 */
@NullMarked
package org.cpet.spi.lowrank;

import org.jspecify.annotations.NullMarked;
