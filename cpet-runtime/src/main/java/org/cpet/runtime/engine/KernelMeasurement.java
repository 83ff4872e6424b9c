package org.cpet.runtime.engine;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
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
    private static final double NEARLY = 0.8;
    private static final int TOKENS = 256;
    private static final int WIDTH = 768;
    private static final long SEED = 20_261_122;
    private static final long NANOS_PER_KERNEL = 150_000_000;
    private static final int RUNS = 12;

    private static final Logger LOGGER = LoggerFactory.getLogger(KernelMeasurement.class);

    private final TorchModule module;
    private final Int8Kernels kernels;
    private final Machine machine;
    private final List<KernelProfile.Speed> measured = new ArrayList<>();

    KernelMeasurement(TorchModule module, Int8Kernels kernels, Machine machine) {
        this.module = module;
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
        NDArray x = Initializers.normal(manager, new Shape(TOKENS, WIDTH), 1, random);
        NDArray weight = Initializers.normal(manager, new Shape(WIDTH, WIDTH), 1, random);
        NDArray product = module.call("linear", x, weight);
        add("float32", product, () -> module.call("linear", x, weight));
        NDArray narrowX = cast(x);
        NDArray narrowWeight = cast(weight);
        add("bfloat16", product, () -> module.call("linear", narrowX, narrowWeight));
        QuantizedRows rows = kernels.quantize(weight); // owned by the manager that closes after this
        NDArray exact = module.call("int8_linear", x, rows.codes(), rows.scales());
        for (Int8Kernel kernel : Int8Kernel.values()) {
            try (PreparedLinear linear = kernels.prepare(kernel, rows, List.of())) {
                add(kernel.key(), exact, () -> linear.apply(x));
            } catch (EngineException e) {
                LOGGER.debug("no kernel {} here: {}", kernel.key(), e.getMessage());
            }
        }
        return new KernelProfile(machine, choice(), speed("bfloat16") >= BFLOAT16_GAIN * speed("float32"), measured);
    }

    private NDArray cast(NDArray x) {
        return module.call("cast", x, TorchTypes.code(DataType.BFLOAT16));
    }

    private void add(String kernel, NDArray expected, Supplier<NDArray> body) {
        double error;
        try (NDArray found = module.call("relative_error", body.get(), expected)) {
            error = found.getFloat();
        }
        long best = Long.MAX_VALUE;
        long end = System.nanoTime() + NANOS_PER_KERNEL;
        for (int run = 0; run < RUNS && (run < 2 || System.nanoTime() < end); run++) {
            long start = System.nanoTime();
            try (NDArray result = body.get();
                    NDArray first = module.call("first", result)) {
                first.getFloat(); // a GPU answers when it has computed
            }
            best = Math.min(best, System.nanoTime() - start);
        }
        measured.add(new KernelProfile.Speed(kernel, 2.0 * TOKENS * WIDTH * WIDTH / best, error));
    }

    /** Of those nearly as fast as the fastest, the one that errs least. */
    private Int8Kernel choice() {
        List<Int8Kernel> sound = Arrays.stream(Int8Kernel.values())
                .filter(kernel -> of(kernel).stream().anyMatch(speed -> speed.error() <= LARGEST_ERROR))
                .toList();
        double best = sound.stream().mapToDouble(this::speed).max().orElse(0);
        return sound.stream()
                .filter(kernel -> speed(kernel) >= NEARLY * best)
                .min(Comparator.comparingDouble(
                        kernel -> of(kernel).orElseThrow().error()))
                .orElse(Int8Kernel.FLOAT32_CODES);
    }

    private double speed(Int8Kernel kernel) {
        return speed(kernel.key());
    }

    private Optional<KernelProfile.Speed> of(Int8Kernel kernel) {
        return of(kernel.key());
    }

    private double speed(String kernel) {
        return of(kernel).map(KernelProfile.Speed::gflops).orElse(0.0);
    }

    private Optional<KernelProfile.Speed> of(String kernel) {
        return measured.stream().filter(speed -> speed.kernel().equals(kernel)).findFirst();
    }
}
