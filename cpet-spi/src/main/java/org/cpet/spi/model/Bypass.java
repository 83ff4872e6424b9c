package org.cpet.spi.model;

import ai.djl.ndarray.NDArray;

/**
 * A path beside a linear layer whose result is added to the layer's: LoRA, recovery, parallel adapters. Where it {@link
 * #readsResult}, a path after the layer: serial adapters, (IA)³, DoRA.
 */
public interface Bypass {
    /** Δ [.., out] from the same input x [.., in] that the layer reads. */
    NDArray apply(NDArray x, ForwardMode mode);

    /** y + Δ; y may be overwritten. */
    default NDArray addTo(NDArray y, NDArray x, ForwardMode mode) {
        return y.add(apply(x, mode));
    }

    /**
     * Whether Δ depends on y, the layer's own result. Such paths stand before all others, so that what they read does not
     * depend on the order in which modules were attached.
     */
    default boolean readsResult() {
        return false;
    }
}
