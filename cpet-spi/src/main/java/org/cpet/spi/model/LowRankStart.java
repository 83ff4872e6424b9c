package org.cpet.spi.model;

import ai.djl.ndarray.NDArray;

/**
 * Where a low-rank method may start beside a compressed layer: W ≈ Ŵ + up · down, with Ŵ what the layer now stands for.
 * The tensors belong to the model.
 *
 * @param down [rank, in]
 * @param up [out, rank]
 */
public record LowRankStart(NDArray down, NDArray up) {
    /** Rank of the product. */
    public int rank() {
        return (int) down.getShape().get(0);
    }
}
