package org.cpet.runtime.engine;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.function.UnaryOperator;
import org.cpet.spi.tensor.CustomFunction;
import org.cpet.spi.tensor.QuantizedRows;

/**
 * A layer of int8 rows q with scales s, trained through: ∂L/∂x = (g ⊙ s) q with g = ∂L/∂y. No floating-point weight
 * outlives a product in either direction.
 *
 * @param kernels that compute the products
 * @param quantizedInput whether x is quantised per token too, or y = x (s ⊙ q)ᵀ
 */
record Int8Product(Int8Kernels kernels, NDArray x, QuantizedRows rows, boolean quantizedInput)
        implements CustomFunction {
    @Override
    public NDArray forward(UnaryOperator<NDArray> keep) {
        return quantizedInput ? kernels.exact(x, rows) : kernels.dequantized(x, rows);
    }

    @Override
    public List<NDArray> backward(NDArray gradient) {
        return List.of(kernels.back(gradient, rows));
    }
}
