package org.cpet.runtime.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.cpet.spi.tensor.CustomFunction;

/** y = x Wᵀ + b. Backward, with g = ∂L/∂y: ∂L/∂x = g W; where they are trained, ∂L/∂W = gᵀ x and ∂L/∂b = Σ g over the rows. */
final class DenseProduct implements CustomFunction {
    private final DenseKernels kernels;
    private final NDArray x;
    private final NDArray weight;
    private final List<NDArray> bias;
    private final boolean trained;
    private final DataType type;
    private NDArray keptWeight;
    private Optional<NDArray> keptInput = Optional.empty();

    DenseProduct(DenseKernels kernels, NDArray x, NDArray weight, List<NDArray> bias, boolean trained) {
        this.kernels = kernels;
        this.x = x;
        this.weight = weight;
        this.bias = bias;
        this.trained = trained;
        this.type = x.getDataType();
        this.keptWeight = weight;
    }

    List<NDArray> inputs() {
        List<NDArray> inputs = new ArrayList<>(List.of(x));
        if (trained) {
            inputs.add(weight);
            inputs.addAll(bias);
        }
        return inputs;
    }

    @Override
    public NDArray forward(UnaryOperator<NDArray> keep) {
        keptWeight = keep.apply(weight); // it may have been made for this pass alone
        if (trained) {
            keptInput = Optional.of(keep.apply(x));
        }
        return kernels.product(x, weight, bias);
    }

    @Override
    public List<NDArray> backward(NDArray gradient) {
        List<NDArray> gradients = new ArrayList<>(List.of(kernels.back(gradient, keptWeight, type)));
        keptInput.ifPresent(input -> {
            gradients.add(kernels.weightBack(gradient, input));
            gradients.add(kernels.biasBack(gradient));
        });
        return gradients;
    }
}
