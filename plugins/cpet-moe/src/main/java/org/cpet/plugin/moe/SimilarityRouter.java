package org.cpet.plugin.moe;

import ai.djl.ndarray.NDArray;
import java.util.List;
import org.cpet.spi.model.ModelTensor;
import org.cpet.spi.tensor.Ops;

/**
 * The experts nearest to u = x / ‖x‖, with c_e the mean of the normalised rows of the layer in that belong to expert e:
 * u · c_e − ‖c_e‖² / 2, which orders experts as −‖u − c_e‖ does.
 *
 * @param centroids c [experts, hidden]
 * @param halfSquares −‖c_e‖² / 2, [experts]
 */
record SimilarityRouter(Ops ops, ModelTensor centroids, ModelTensor halfSquares) implements Router {
    /** Of a weight [units, hidden] whose rows lie expert by expert; {@code name} is the FFN's. */
    static SimilarityRouter of(Ops ops, String name, NDArray weight, int experts) {
        try (Ops.Scope scope = ops.scope()) {
            List<String> names = RouterKind.SIMILARITY.tensors(name);
            NDArray means = centroids(weight, experts);
            NDArray squares = means.square().sum(new int[] {1}).mul(-0.5);
            return new SimilarityRouter(
                    ops,
                    new ModelTensor(names.get(0), ops.copy(means)),
                    new ModelTensor(names.get(1), ops.copy(squares)));
        }
    }

    /** Means of the normalised rows of each expert, [experts, hidden]; not normalised again. */
    static NDArray centroids(NDArray weight, int experts) {
        long width = weight.getShape().get(0) / experts;
        return Router.directions(weight)
                .reshape(experts, width, weight.getShape().get(1))
                .mean(new int[] {1});
    }

    @Override
    public NDArray scores(NDArray x) {
        return ops.linear(Router.directions(x), centroids.value(), halfSquares.value());
    }

    @Override
    public RouterKind kind() {
        return RouterKind.SIMILARITY;
    }

    @Override
    public List<ModelTensor> tensors() {
        return List.of(centroids, halfSquares);
    }
}
