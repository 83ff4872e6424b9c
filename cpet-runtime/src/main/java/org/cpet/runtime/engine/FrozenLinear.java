package org.cpet.runtime.engine;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.cpet.spi.tensor.CustomFunction;

/** A linear function of one input: y by one call, its gradient by another. */
final class FrozenLinear implements CustomFunction {
    private final List<NDArray> needed;
    private final Supplier<NDArray> product;
    private final BiFunction<NDArray, List<NDArray>, NDArray> transposed;
    private List<NDArray> kept = List.of();

    /**
     * @param needed what the backward pass reads
     * @param transposed from ∂L/∂y and what is needed to ∂L/∂x
     */
    FrozenLinear(
            List<NDArray> needed, Supplier<NDArray> product, BiFunction<NDArray, List<NDArray>, NDArray> transposed) {
        this.needed = needed;
        this.product = product;
        this.transposed = transposed;
    }

    @Override
    public NDArray forward(UnaryOperator<NDArray> keep) {
        kept = needed.stream().map(keep).toList();
        return product.get();
    }

    @Override
    public List<NDArray> backward(NDArray gradient) {
        return List.of(transposed.apply(gradient, kept));
    }
}
