package org.cpet.runtime.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * y = x Wᵀ + b. Where W is frozen, forward and backward are single products by the kernel that this machine is fastest with
 * for their kind.
 */
final class DenseKernels {
    private final TorchModule module;
    private final Optional<TorchModule> oneDnn;
    private final Tape tape;
    private final Supplier<DenseChoice> choice;
    private @Nullable DenseChoice chosen;

    /** @param choice asked once, and only where there is one */
    DenseKernels(TorchModule module, Optional<TorchModule> oneDnn, Tape tape, Supplier<DenseChoice> choice) {
        this.module = module;
        this.oneDnn = oneDnn;
        this.tape = tape;
        this.choice = choice;
    }

    /** @param bias one tensor, or none */
    NDArray apply(NDArray x, NDArray weight, List<NDArray> bias) {
        boolean trained = tape.reaches(weight) || bias.stream().anyMatch(tape::reaches);
        DenseProduct product = new DenseProduct(this, x, weight, bias, trained);
        return tape.record(product.inputs(), product);
    }

    /** x Wᵀ + b by the machine's fastest kernel, outside any graph; both of one type. */
    NDArray product(NDArray x, NDArray weight, List<NDArray> bias) {
        return forward(ofProduct(x, weight), x, weight, bias);
    }

    /** g W likewise, in the type of x; also where g has another. */
    NDArray back(NDArray gradient, NDArray weight, DataType type) {
        boolean plain = type != DataType.FLOAT32 || !isFloat32(gradient, weight);
        return backward(plain ? DenseKernel.BLAS : chosen().back(), gradient, weight, TorchTypes.code(type));
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

    private DenseKernel ofProduct(NDArray x, NDArray weight) {
        if (!isFloat32(x, weight)) {
            return DenseKernel.BLAS;
        }
        long in = weight.getShape().get(1);
        return chosen().of(DenseShape.of(x.size() / in, in, weight.getShape().get(0)));
    }

    private boolean isFloat32(NDArray x, NDArray weight) {
        return oneDnn.isPresent() && weight.getDataType() == DataType.FLOAT32 && x.getDataType() == DataType.FLOAT32;
    }

    private synchronized DenseChoice chosen() {
        if (chosen == null) {
            chosen = choice.get();
        }
        return chosen;
    }

    List<DenseKernel> possible() {
        return oneDnn.isPresent() ? List.of(DenseKernel.BLAS, DenseKernel.ONEDNN) : List.of(DenseKernel.BLAS);
    }
}
