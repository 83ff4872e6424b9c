package org.cpet.runtime.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.cpet.spi.tensor.Initializers;

/** The float32 kernels on one product of each {@link DenseShape}. */
final class DenseMeasurement {
    static final String FLOAT32 = "float32";
    static final String ONEDNN = "float32_onednn";

    private final TorchModule module;
    private final DenseKernels kernels;

    DenseMeasurement(TorchModule module, DenseKernels kernels) {
        this.module = module;
        this.kernels = kernels;
    }

    /** Every kernel on products of these kinds, with operands that {@code manager} owns. */
    List<KernelCandidate> candidates(List<DenseShape> shapes, NDManager manager, RandomGenerator random) {
        List<KernelCandidate> candidates = new ArrayList<>();
        for (DenseShape shape : shapes) {
            boolean back = shape == DenseShape.BACK;
            NDArray x = Initializers.normal(manager, new Shape(shape.rows(), shape.in()), 1, random);
            NDArray weight = Initializers.normal(manager, new Shape(shape.out(), shape.in()), 1, random);
            NDArray expected = product(DenseKernel.BLAS, x, weight, back).get();
            for (DenseKernel kernel : kernels.possible()) {
                String name = (kernel == DenseKernel.BLAS ? FLOAT32 : ONEDNN) + shape.suffix();
                long products = (long) shape.rows() * shape.in() * shape.out();
                candidates.add(KernelCandidate.of(name, module, products, expected, product(kernel, x, weight, back)));
            }
        }
        return candidates;
    }

    private Supplier<NDArray> product(DenseKernel kernel, NDArray x, NDArray weight, boolean back) {
        long type = TorchTypes.code(DataType.FLOAT32);
        return back
                ? () -> kernels.backward(kernel, x, weight, type)
                : () -> kernels.forward(kernel, x, weight, List.of());
    }

    /** The faster kernel of each kind. */
    static DenseChoice choice(List<KernelCandidate> measured) {
        return new DenseChoice(
                fastest(measured, DenseShape.MANY),
                fastest(measured, DenseShape.NARROW),
                fastest(measured, DenseShape.FEW),
                fastest(measured, DenseShape.ROW),
                fastest(measured, DenseShape.BACK));
    }

    private static DenseKernel fastest(List<KernelCandidate> measured, DenseShape shape) {
        return KernelCandidate.gflops(measured, ONEDNN + shape.suffix())
                        > KernelCandidate.gflops(measured, FLOAT32 + shape.suffix())
                ? DenseKernel.ONEDNN
                : DenseKernel.BLAS;
    }
}
