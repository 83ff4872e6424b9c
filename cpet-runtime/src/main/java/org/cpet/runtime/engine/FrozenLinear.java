package org.cpet.runtime.engine;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.cpet.spi.tensor.CustomFunction;

/** A function of x alone with a known product for its gradient: y from x, ∂L/∂x from ∂L/∂y. Keeps nothing. */
record FrozenLinear(Supplier<NDArray> product, UnaryOperator<NDArray> transposed) implements CustomFunction {
    @Override
    public NDArray forward(UnaryOperator<NDArray> keep) {
        return product.get();
    }

    @Override
    public List<NDArray> backward(NDArray gradient) {
        return List.of(transposed.apply(gradient));
    }
}
