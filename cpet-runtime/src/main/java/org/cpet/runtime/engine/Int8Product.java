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
 * @param kernels of quantised products; {@code dense} those of floating-point ones
 * @param quantizedInput whether x is quantised per token too, or y = x (s ⊙ q)ᵀ
 */
record Int8Product(Int8Kernels kernels, DenseKernels dense, NDArray x, QuantizedRows rows, boolean quantizedInput)
        implements CustomFunction {
    @Override
    public NDArray forward(UnaryOperator<NDArray> keep) {
        return quantizedInput ? kernels.exact(x, rows) : dense.product(x, kernels.dequantized(x, rows), List.of());
    }

    @Override
    public List<NDArray> backward(NDArray gradient) {
        return List.of(
                dense.back(kernels.scaled(gradient, rows), kernels.codes(gradient, rows), gradient.getDataType()));
    }
}
