package org.cpet.runtime.engine;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.cpet.spi.tensor.CustomFunction;

/**
 * y = base + s · σ(h) Uᵀ with h = x Dᵀ. Backward, with g = ∂L/∂y: ∂L/∂U = (s · σ(h))ᵀ g, transposed; k = s · (g U) ⊙
 * σ′(h); ∂L/∂D = kᵀ x; ∂L/∂x = k D; ∂L/∂base = g. Products with the small rank are ordered so that the long axis is
 * summed.
 */
final class Bottleneck implements CustomFunction {
    private final TorchModule module;
    private final Optional<NDArray> base;
    private final NDArray x;
    private final NDArray down;
    private final NDArray up;
    private final double scale;
    private final long activation;
    private final long[] shape;
    private NDArray input;
    private NDArray inner;

    Bottleneck(
            TorchModule module,
            Optional<NDArray> base,
            NDArray x,
            NDArray down,
            NDArray up,
            double scale,
            long activation) {
        this.module = module;
        this.base = base;
        this.x = x;
        this.down = down;
        this.up = up;
        this.scale = scale;
        this.activation = activation;
        this.shape = x.getShape().getShape();
        this.input = x;
        this.inner = x;
    }

    List<NDArray> inputs() {
        List<NDArray> inputs = new ArrayList<>(List.of(x, down, up));
        base.ifPresent(inputs::add);
        return inputs;
    }

    @Override
    public NDArray forward(UnaryOperator<NDArray> keep) {
        NDArray h = module.call("narrow", x, down);
        input = keep.apply(x);
        inner = keep.apply(h);
        if (base.isPresent()) {
            return module.call("widen_onto", base.get(), h, up, scale, activation);
        }
        long[] wide = shape.clone();
        wide[wide.length - 1] = up.getShape().get(0);
        return module.call("widen", h, up, scale, activation, wide);
    }

    @Override
    public List<NDArray> backward(NDArray gradient) {
        NDArray k = module.call("narrow_back", gradient, inner, up, scale, activation);
        List<NDArray> gradients = new ArrayList<>(List.of(
                module.call("x_back", k, down, shape),
                module.call("down_back", k, input, down),
                module.call("up_back", gradient, inner, up, scale, activation)));
        base.ifPresent(y -> gradients.add(gradient));
        return gradients;
    }
}
