package org.cpet.runtime.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** y = x Wᵀ + b. Where W is frozen, forward and backward are single products by the machine's fastest kernel. */
final class DenseKernels {
    private final TorchModule module;
    private final Optional<TorchModule> oneDnn;
    private final Tape tape;
    private final Supplier<DenseKernel> choice;
    private @Nullable DenseKernel chosen;

    /** @param choice asked once, and only where there is one */
    DenseKernels(TorchModule module, Optional<TorchModule> oneDnn, Tape tape, Supplier<DenseKernel> choice) {
        this.module = module;
        this.oneDnn = oneDnn;
        this.tape = tape;
        this.choice = choice;
    }

    /** @param bias one tensor, or none */
    NDArray apply(NDArray x, NDArray weight, List<NDArray> bias) {
        boolean trained = tape.reaches(weight) || bias.stream().anyMatch(tape::reaches);
        DenseProduct product = new DenseProduct(this, kernel(x, weight), x, weight, bias, trained);
        return tape.record(product.inputs(), product);
    }

    /** x Wᵀ by the machine's fastest kernel, outside any graph; both of one type. */
    NDArray product(NDArray x, NDArray weight) {
        return forward(kernel(x, weight), x, weight, List.of());
    }

    /** g W likewise. */
    NDArray back(NDArray gradient, NDArray weight) {
        return backward(kernel(gradient, weight), gradient, weight, TorchTypes.code(gradient.getDataType()));
    }

    /** x Wᵀ + b by a given kernel. */
    NDArray forward(DenseKernel kernel, NDArray x, NDArray weight, List<NDArray> bias) {
        return (kernel == DenseKernel.ONEDNN ? oneDnn.orElseThrow() : module).call("linear", x, weight, bias);
    }

    /** g W in a type. */
    NDArray backward(DenseKernel kernel, NDArray gradient, NDArray weight, long type) {
        return kernel == DenseKernel.ONEDNN
                ? oneDnn.orElseThrow().call("linear_back", gradient, weight)
                : module.call("linear_back", gradient, weight, type);
    }

    /** gᵀ x. */
    NDArray weightBack(NDArray gradient, NDArray x) {
        return module.call("weight_back", gradient, x);
    }

    /** Σ g over the rows. */
    NDArray biasBack(NDArray gradient) {
        return module.call("bias_back", gradient);
    }

    private DenseKernel kernel(NDArray x, NDArray weight) {
        boolean possible =
                oneDnn.isPresent() && weight.getDataType() == DataType.FLOAT32 && x.getDataType() == DataType.FLOAT32;
        return possible ? chosen() : DenseKernel.BLAS;
    }

    private synchronized DenseKernel chosen() {
        if (chosen == null) {
            chosen = choice.get();
        }
        return chosen;
    }

    boolean hasOneDnn() {
        return oneDnn.isPresent();
    }
}
