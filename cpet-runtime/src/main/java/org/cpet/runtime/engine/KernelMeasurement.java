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
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.cpet.spi.tensor.Initializers;
import org.cpet.spi.tensor.PreparedLinear;
import org.cpet.spi.tensor.QuantizedRows;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs every kernel on one layer of a common size; under two seconds. */
final class KernelMeasurement {
    /** A kernel that errs more is not a candidate: 7-bit activations cost about 2e-2, saturation 1e-1 and more. */
    static final double LARGEST_ERROR = 3e-2;

    private static final double BFLOAT16_GAIN = 1.5;
    private static final double EXACT_GAIN = 1.5;
    private static final double NEARLY = 0.8;
    private static final int TOKENS = 512;
    private static final String ROW = "_row";
    private static final List<Int8Kernel> ROW_KERNELS =
            List.of(Int8Kernel.INT_MM, Int8Kernel.LINEAR_DYNAMIC, Int8Kernel.LINEAR_DYNAMIC_7BIT);
    private static final int WIDTH = 768;
    private static final long SEED = 20_261_122;
    private static final long BUDGET_NANOS = 1_200_000_000;
    private static final int ROUNDS = 20;
    private static final int LEAST_ROUNDS = 5;
    private static final int HOPELESS = 8;
    private static final long CHEAP_NANOS = 10_000_000; // one slow run says little where runs are so short
    private static final double STEADY = 1.2;

    private static final String FLOAT32 = "float32";
    private static final String ONEDNN = "float32_onednn";

    private static final Logger LOGGER = LoggerFactory.getLogger(KernelMeasurement.class);

    private final TorchModule module;
    private final DenseKernels dense;
    private final Int8Kernels kernels;
    private final Machine machine;
    private final List<Candidate> candidates = new ArrayList<>();

    KernelMeasurement(TorchModule module, DenseKernels dense, Int8Kernels kernels, Machine machine) {
        this.module = module;
        this.dense = dense;
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

    /** Whether the best runs were met twice; on a busy machine they are not, and another day would choose otherwise. */
    private boolean isSteady() {
        return candidates.stream()
                .filter(candidate -> candidate.second < Long.MAX_VALUE) // not one that was hopeless at once
                .allMatch(candidate -> candidate.second <= STEADY * candidate.best);
    }

    private KernelProfile measure(NDManager manager) {
        RandomGenerator random = new SplittableRandom(SEED);
        NDArray x = Initializers.normal(manager, new Shape(TOKENS, WIDTH), 1, random);
        NDArray weight = Initializers.normal(manager, new Shape(WIDTH, WIDTH), 1, random);
        NDArray product = dense.forward(DenseKernel.BLAS, x, weight, List.of());
        add(FLOAT32, product, () -> dense.forward(DenseKernel.BLAS, x, weight, List.of()));
        if (dense.hasOneDnn()) {
            add(ONEDNN, product, () -> dense.forward(DenseKernel.ONEDNN, x, weight, List.of()));
        }
        NDArray narrowX = cast(x);
        NDArray narrowWeight = cast(weight);
        add("bfloat16", product, () -> dense.forward(DenseKernel.BLAS, narrowX, narrowWeight, List.of()));
        QuantizedRows rows = kernels.quantize(weight); // owned by the manager that closes after this
        List<PreparedLinear> packed = new ArrayList<>();
        race(candidates(x, rows, List.of(Int8Kernel.values()), "", packed));
        NDArray row = x.get("0:1");
        NDArray one = dense.forward(DenseKernel.BLAS, row, weight, List.of());
        add(FLOAT32 + ROW, one, () -> dense.forward(DenseKernel.BLAS, row, weight, List.of()));
        race(candidates(row, rows, ROW_KERNELS, ROW, packed));
        packed.forEach(PreparedLinear::close);
        List<KernelProfile.Speed> speeds =
                candidates.stream().map(Candidate::speed).toList();
        DenseKernel fastest = speed(ONEDNN) > speed(FLOAT32) ? DenseKernel.ONEDNN : DenseKernel.BLAS;
        boolean narrow = speed("bfloat16") >= BFLOAT16_GAIN * Math.max(speed(FLOAT32), speed(ONEDNN));
        Int8Kernel many = choice(List.of(Int8Kernel.values()), "").orElse(Int8Kernel.FLOAT32_CODES);
        return new KernelProfile(
                machine, fastest, many, choice(ROW_KERNELS, ROW).orElse(many), narrow, isSteady(), speeds);
    }

    /** Adds the int8 kernels that this machine has; gives back all that have not run yet. */
    private List<Candidate> candidates(
            NDArray x, QuantizedRows rows, List<Int8Kernel> all, String suffix, List<PreparedLinear> packed) {
        NDArray exact = module.call("int8_linear", x, rows.codes(), rows.scales());
        for (Int8Kernel kernel : all) {
            try {
                PreparedLinear linear = kernels.prepare(kernel, rows, List.of());
                packed.add(linear);
                add(kernel.key() + suffix, exact, () -> linear.apply(x));
            } catch (EngineException e) {
                LOGGER.debug("no kernel {} here: {}", kernel.key() + suffix, e.getMessage());
            }
        }
        return candidates.stream()
                .filter(candidate -> candidate.best == Long.MAX_VALUE)
                .toList();
    }

    private NDArray cast(NDArray x) {
        return module.call("cast", x, TorchTypes.code(DataType.BFLOAT16));
    }

    private void add(String kernel, NDArray expected, Supplier<NDArray> body) {
        try (NDArray found = module.call("relative_error", body.get(), expected)) {
            candidates.add(new Candidate(kernel, expected.getShape().get(0), body, found.getFloat()));
        }
    }

    /** Takes turns, so that whatever else the machine does slows all alike, and counts each one's best run. */
    private static void race(List<Candidate> entered) {
        long end = System.nanoTime() + BUDGET_NANOS;
        for (int round = 0; round < ROUNDS && (round < LEAST_ROUNDS || System.nanoTime() < end); round++) {
            long fastest = entered.stream()
                    .mapToLong(candidate -> candidate.best)
                    .min()
                    .orElse(0);
            for (Candidate candidate : entered) {
                if (round == 0 || candidate.best < Math.max(CHEAP_NANOS, HOPELESS * fastest)) {
                    candidate.run();
                }
            }
        }
    }

    /** An exact one where that is fast; of others nearly as fast as the fastest, the one that errs least. */
    private Optional<Int8Kernel> choice(List<Int8Kernel> all, String suffix) {
        List<Int8Kernel> sound = all.stream()
                .filter(kernel -> error(kernel.key() + suffix) <= LARGEST_ERROR)
                .toList();
        Optional<Int8Kernel> exact = sound.stream()
                .filter(Int8Kernel::isExact)
                .max(Comparator.comparingDouble(kernel -> speed(kernel.key() + suffix)))
                .filter(kernel -> speed(kernel.key() + suffix) >= EXACT_GAIN * speed(FLOAT32 + suffix));
        double best = sound.stream()
                .mapToDouble(kernel -> speed(kernel.key() + suffix))
                .max()
                .orElse(0);
        return exact.or(() -> sound.stream()
                .filter(kernel -> speed(kernel.key() + suffix) >= NEARLY * best)
                .min(Comparator.comparingDouble(kernel -> error(kernel.key() + suffix))));
    }

    private double speed(String kernel) {
        return of(kernel).map(KernelProfile.Speed::gflops).orElse(0.0);
    }

    private double error(String kernel) {
        return of(kernel).map(KernelProfile.Speed::error).orElse(Double.POSITIVE_INFINITY);
    }

    private Optional<KernelProfile.Speed> of(String kernel) {
        return candidates.stream()
                .filter(candidate -> candidate.kernel.equals(kernel))
                .findFirst()
                .map(Candidate::speed);
    }

    /** A kernel on the common layer, and its best time so far. */
    private final class Candidate {
        private final String kernel;
        private final long tokens;
        private final Supplier<NDArray> body;
        private final double error;
        private long best = Long.MAX_VALUE;
        private long second = Long.MAX_VALUE;

        Candidate(String kernel, long tokens, Supplier<NDArray> body, double error) {
            this.kernel = kernel;
            this.tokens = tokens;
            this.body = body;
            this.error = error;
        }

        void run() {
            long start = System.nanoTime();
            try (NDArray result = body.get();
                    NDArray first = module.call("first", result)) {
                first.getFloat(); // a GPU answers when it has computed
            }
            long took = System.nanoTime() - start;
            second = Math.min(second, Math.max(best, took));
            best = Math.min(best, took);
        }

        KernelProfile.Speed speed() {
            return new KernelProfile.Speed(kernel, 2.0 * tokens * WIDTH * WIDTH / best, error);
        }
    }
}
