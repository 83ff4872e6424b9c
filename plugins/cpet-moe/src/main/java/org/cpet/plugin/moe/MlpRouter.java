package org.cpet.plugin.moe;

import ai.djl.ndarray.NDArray;
import java.util.List;
import org.cpet.spi.model.ModelTensor;
import org.cpet.spi.tensor.Ops;

/**
 * tanh(u Aᵀ) Bᵀ with u = x / ‖x‖, A [experts, hidden] that starts as the centroids, B [experts, experts] that starts as
 * the identity.
 */
record MlpRouter(Ops ops, ModelTensor first, ModelTensor second) implements Router {
    @Override
    public NDArray scores(NDArray x) {
        return scores(ops, Router.directions(x), first.value(), second.value());
    }

    /** The same from directions. */
    static NDArray scores(Ops ops, NDArray directions, NDArray first, NDArray second) {
        return ops.linear(ops.linear(directions, first).tanh(), second);
    }

    @Override
    public RouterKind kind() {
        return RouterKind.MLP;
    }

    @Override
    public List<ModelTensor> tensors() {
        return List.of(first, second);
    }
}
