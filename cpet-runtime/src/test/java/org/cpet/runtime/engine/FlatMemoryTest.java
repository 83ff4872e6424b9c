package org.cpet.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.cpet.spi.tensor.Activation;
import org.cpet.spi.tensor.AdamWSettings;
import org.cpet.spi.tensor.Initializers;
import org.cpet.spi.tensor.Ops;
import org.cpet.spi.tensor.QuantizedRows;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Ten thousand training steps hold no more memory than the first few. */
class FlatMemoryTest {
    private static final int WIDTH = 32;
    private static final int WARM_UP = 2_000;
    private static final int STEPS = 8_000;
    // one leaked 8 KiB activation a step would be 64 MiB; the heap and malloc's arenas move by a few MiB by themselves
    private static final long GROWTH_KIB = 16 << 10;

    private final EngineSession session = EngineSession.open(DeviceChoice.parse("cpu"), 1);
    private final NDManager manager = session.manager();
    private final Ops ops = session.ops();
    private final SplittableRandom random = new SplittableRandom(3);

    @AfterEach
    void close() {
        session.close();
    }

    private NDArray normal(long... shape) {
        return Initializers.normal(manager, new Shape(shape), 0.2, random);
    }

    @Test
    void tenThousandStepsAreFlat() throws IOException {
        NDArray x = normal(64, WIDTH);
        NDArray labels = manager.zeros(new Shape(64), DataType.INT64);
        QuantizedRows rows = ops.quantizeRows(normal(WIDTH, WIDTH));
        List<NDArray> leaves = List.of(ops.trainable(normal(4, WIDTH)), ops.trainable(normal(WIDTH, 4)));
        List<NDArray> first = List.of(leaves.get(0).zerosLike(), leaves.get(1).zerosLike());
        List<NDArray> second = List.of(leaves.get(0).zerosLike(), leaves.get(1).zerosLike());
        for (int step = 1; step <= WARM_UP; step++) {
            step(x, labels, rows, leaves, first, second, step);
        }
        int arrays = manager.getManagedArrays().size();
        long before = residentKib();

        for (int step = WARM_UP + 1; step <= WARM_UP + STEPS; step++) {
            step(x, labels, rows, leaves, first, second, step);
        }

        assertThat(manager.getManagedArrays()).hasSize(arrays);
        assertThat(residentKib() - before).isLessThan(GROWTH_KIB);
    }

    @SuppressWarnings("try") // the scope is opened for what it closes
    private void step(
            NDArray x,
            NDArray labels,
            QuantizedRows rows,
            List<NDArray> leaves,
            List<NDArray> first,
            List<NDArray> second,
            long step) {
        try (Ops.Scope scope = ops.scope()) {
            ops.seed(step);
            NDArray loss = ops.withGradients(() -> {
                NDArray side = ops.bottleneck(x, leaves.get(0), leaves.get(1), 2, Activation.GELU);
                NDArray y = ops.dropout(ops.int8Linear(x.add(side), rows).add(side), 0.1);
                return ops.crossEntropy(y, labels, -100);
            });
            ops.backward(loss);
            ops.clipGradients(leaves, 1);
            ops.adamW(leaves, first, second, step, AdamWSettings.of(1e-3, 0.01));
            leaves.forEach(ops::zeroGradient);
        }
    }

    private static long residentKib() throws IOException {
        Path status = Path.of("/proc/self/status");
        Assumptions.assumeTrue(Files.exists(status), "SKIPPED: no /proc on this platform");
        System.gc();
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("RssAnon:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElseThrow();
    }
}
