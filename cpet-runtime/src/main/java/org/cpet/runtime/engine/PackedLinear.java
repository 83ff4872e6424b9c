package org.cpet.runtime.engine;

import ai.djl.ndarray.NDArray;
import java.util.function.UnaryOperator;
import org.cpet.spi.tensor.PreparedLinear;

/** A layer held in the form its kernel wants. */
final class PackedLinear implements PreparedLinear {
    private final Int8Kernel kernel;
    private final UnaryOperator<NDArray> product;
    private final Runnable release;

    PackedLinear(Int8Kernel kernel, UnaryOperator<NDArray> product, Runnable release) {
        this.kernel = kernel;
        this.product = product;
        this.release = release;
    }

    @Override
    public NDArray apply(NDArray x) {
        return GradMode.with(false, () -> product.apply(x));
    }

    @Override
    public String kernel() {
        return kernel.key();
    }

    @Override
    public void close() {
        release.run();
    }
}
