package org.cpet.runtime.engine;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.cpet.spi.tensor.Initializers;
import org.cpet.spi.tensor.PreparedLinear;
import org.cpet.spi.tensor.QuantizedRows;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs every kernel on layers of common sizes; under two seconds. */
final class KernelMeasurement {
    /** A kernel that errs more is not a candidate: 7-bit activations cost about 2e-2, saturation 1e-1 and more. */
    static final double LARGEST_ERROR = 3e-2;

    private static final double BFLOAT16_GAIN = 1.5;
    private static final double EXACT_GAIN = 1.5;
    private static final double NEARLY = 0.8;
    private static final int TOKENS = 512;
    private static final String ROW = DenseShape.ROW.suffix();
    private static final String BFLOAT16 = "bfloat16";
    private static final List<Int8Kernel> ROW_KERNELS =
            List.of(Int8Kernel.INT_MM, Int8Kernel.LINEAR_DYNAMIC, Int8Kernel.LINEAR_DYNAMIC_7BIT);
    private static final int WIDTH = 768;
    private static final long SEED = 20_261_122;
    private static final long BUDGET_NANOS = 600_000_000;

    private static final Logger LOGGER = LoggerFactory.getLogger(KernelMeasurement.class);

    private final TorchModule module;
    private final DenseMeasurement dense;
    private final DenseKernels denseKernels;
    private final Int8Kernels kernels;
    private final Machine machine;
    private final List<KernelCandidate> candidates = new ArrayList<>();

    KernelMeasurement(TorchModule module, DenseKernels dense, Int8Kernels kernels, Machine machine) {
        this.module = module;
        this.dense = new DenseMeasurement(module, dense);
        this.denseKernels = dense;
        this.kernels = kernels;
        this.machine = machine;
    }

    /** Measures with tensors that {@code parent} owns for as long as it takes. */
    KernelProfile run(NDManager parent) {
        return GradMode.with(false, () -> {
            try (NDManager manager = parent.newSubManager()) {
                return StepScope.within(() -> measure(manager));
            }
        });
    }

    private KernelProfile measure(NDManager manager) {
        RandomGenerator random = new SplittableRandom(SEED);
        List<DenseShape> tall = List.of(DenseShape.MANY, DenseShape.NARROW, DenseShape.FEW, DenseShape.BACK);
        race(dense.candidates(tall, manager, random));
        NDArray x = Initializers.normal(manager, new Shape(TOKENS, WIDTH), 1, random);
        NDArray weight = Initializers.normal(manager, new Shape(WIDTH, WIDTH), 1, random);
        QuantizedRows rows = kernels.quantize(weight); // owned by the manager that closes after this
        List<PreparedLinear> packed = new ArrayList<>();
        List<KernelCandidate> many = new ArrayList<>(candidates(x, rows, List.of(Int8Kernel.values()), "", packed));
        many.add(narrow(x, weight));
        race(many);
        List<KernelCandidate> single = dense.candidates(List.of(DenseShape.ROW), manager, random);
        single.addAll(candidates(x.get("0:1"), rows, ROW_KERNELS, ROW, packed));
        race(single);
        packed.forEach(PreparedLinear::close);
        List<KernelProfile.Speed> speeds =
                candidates.stream().map(KernelCandidate::speed).toList();
        boolean fastBfloat16 = speed(BFLOAT16)
                >= BFLOAT16_GAIN * Math.max(speed(DenseMeasurement.FLOAT32), speed(DenseMeasurement.ONEDNN));
        Int8Kernel manyRows = choice(List.of(Int8Kernel.values()), "").orElse(Int8Kernel.FLOAT32_CODES);
        return new KernelProfile(
                machine,
                DenseMeasurement.choice(candidates),
                manyRows,
                choice(ROW_KERNELS, ROW).orElse(manyRows),
                fastBfloat16,
                candidates.stream().allMatch(KernelCandidate::isSteady),
                speeds);
    }

    private void race(List<KernelCandidate> entered) {
        KernelCandidate.race(entered, BUDGET_NANOS);
        candidates.addAll(entered);
    }

    private KernelCandidate narrow(NDArray x, NDArray weight) {
        long type = TorchTypes.code(DataType.BFLOAT16);
        NDArray expected = denseKernels.forward(DenseKernel.BLAS, x, weight, List.of());
        NDArray narrowX = module.call("cast", x, type);
        NDArray narrowWeight = module.call("cast", weight, type);
        return KernelCandidate.of(
                BFLOAT16,
                module,
                (long) TOKENS * WIDTH * WIDTH,
                expected,
                () -> denseKernels.forward(DenseKernel.BLAS, narrowX, narrowWeight, List.of()));
    }

    /** The int8 kernels that this machine has. */
    private List<KernelCandidate> candidates(
            NDArray x, QuantizedRows rows, List<Int8Kernel> all, String suffix, List<PreparedLinear> packed) {
        NDArray exact = module.call("int8_linear", x, rows.codes(), rows.scales());
        long products = x.getShape().get(0) * WIDTH * WIDTH;
        List<KernelCandidate> found = new ArrayList<>();
        for (Int8Kernel kernel : all) {
            try {
                PreparedLinear linear = kernels.prepare(kernel, rows, List.of());
                packed.add(linear);
                found.add(KernelCandidate.of(kernel.key() + suffix, module, products, exact, () -> linear.apply(x)));
            } catch (EngineException e) {
                LOGGER.debug("no kernel {} here: {}", kernel.key() + suffix, e.getMessage());
            }
        }
        return found;
    }

    /** An exact one where that is fast; of others nearly as fast as the fastest, the one that errs least. */
    private Optional<Int8Kernel> choice(List<Int8Kernel> all, String suffix) {
        List<Int8Kernel> sound = all.stream()
                .filter(kernel -> error(kernel.key() + suffix) <= LARGEST_ERROR)
                .toList();
        Optional<Int8Kernel> exact = sound.stream()
                .filter(Int8Kernel::isExact)
                .max(Comparator.comparingDouble(kernel -> speed(kernel.key() + suffix)))
                .filter(kernel ->
                        speed(kernel.key() + suffix) >= EXACT_GAIN * speed(DenseMeasurement.FLOAT32 + suffix));
        double best = sound.stream()
                .mapToDouble(kernel -> speed(kernel.key() + suffix))
                .max()
                .orElse(0);
        return exact.or(() -> sound.stream()
                .filter(kernel -> speed(kernel.key() + suffix) >= NEARLY * best)
                .min(Comparator.comparingDouble(kernel -> error(kernel.key() + suffix))));
    }

    private double speed(String kernel) {
        return KernelCandidate.gflops(candidates, kernel);
    }

    private double error(String kernel) {
        return candidates.stream()
                .map(KernelCandidate::speed)
                .filter(speed -> speed.kernel().equals(kernel))
                .mapToDouble(KernelProfile.Speed::error)
                .findFirst()
                .orElse(Double.POSITIVE_INFINITY);
    }
}
