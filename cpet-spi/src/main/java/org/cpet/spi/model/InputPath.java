package org.cpet.spi.model;

import ai.djl.ndarray.NDArray;

/**
 * What happens to a layer's input before the layer and its side paths read it: (IA)³ on an FFN, masks of heads and
 * neurons, migrated activation scales.
 */
@FunctionalInterface
public interface InputPath {
    /** x' [.., in] from x [.., in]; x is not overwritten. */
    NDArray apply(NDArray x, ForwardMode mode);
}
