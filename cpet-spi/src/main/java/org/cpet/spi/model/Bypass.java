package org.cpet.spi.model;

import ai.djl.ndarray.NDArray;

/** A path beside a linear layer whose result is added to the layer's: LoRA, recovery, parallel adapters. */
public interface Bypass {
    /** Δ [.., out] from the same input x [.., in] that the layer reads. */
    NDArray apply(NDArray x, ForwardMode mode);

    /** y + Δ; y may be overwritten. */
    default NDArray addTo(NDArray y, NDArray x, ForwardMode mode) {
        return y.add(apply(x, mode));
    }
}
