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
        if (tape.reaches(weight) || bias.stream().anyMatch(tape::reaches)) {
            return module.call("linear", x, weight, bias);
        }
        DenseKernel kernel = kernel(x, weight);
        DataType type = x.getDataType();
        return tape.record(
                List.of(x),
                new FrozenLinear(
                        () -> forward(kernel, x, weight, bias), gradient -> backward(kernel, gradient, weight, type)));
    }

    /** x Wᵀ + b by a given kernel. */
    NDArray forward(DenseKernel kernel, NDArray x, NDArray weight, List<NDArray> bias) {
        return (kernel == DenseKernel.ONEDNN ? oneDnn.orElseThrow() : module).call("linear", x, weight, bias);
    }

    private NDArray backward(DenseKernel kernel, NDArray gradient, NDArray weight, DataType type) {
        return kernel == DenseKernel.ONEDNN
                ? oneDnn.orElseThrow().call("linear_back", gradient, weight)
                : module.call("linear_back", gradient, weight, TorchTypes.code(type));
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
