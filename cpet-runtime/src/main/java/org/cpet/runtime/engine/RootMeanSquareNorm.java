package org.cpet.runtime.engine;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.function.UnaryOperator;
import org.cpet.spi.tensor.CustomFunction;

/**
 * y = x · r · w with r = 1/√(mean(x²) + ε) over the last axis of width n, w frozen. Backward, with g = ∂L/∂y: ∂L/∂x = r · (g ⊙
 * w) − x · r³/n · Σ g ⊙ w ⊙ x. All in float32.
 */
final class RootMeanSquareNorm implements CustomFunction {
    private final TorchModule module;
    private final NDArray x;
    private final NDArray weight;
    private final double epsilon;
    private NDArray keptX;
    private NDArray keptR;

    RootMeanSquareNorm(TorchModule module, NDArray x, NDArray weight, double epsilon) {
        this.module = module;
        this.x = x;
        this.weight = weight;
        this.epsilon = epsilon;
        this.keptX = x;
        this.keptR = x;
    }

    @Override
    public NDArray forward(UnaryOperator<NDArray> keep) {
        NDArray r = module.call("inverse_rms", x, epsilon);
        keptX = keep.apply(x);
        keptR = keep.apply(r);
        return module.call("rms_scaled", x, r, weight);
    }

    @Override
    public List<NDArray> backward(NDArray gradient) {
        return List.of(module.call("rms_back", gradient, keptX, keptR, weight));
    }
}
