package org.cpet.runtime.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.cpet.spi.tensor.Ops;

/** The rate of a large float32 matrix product here and now, [1024, 1024] × [1024, 4096], in GFLOP/s. */
final class GemmCeiling {
    private static final int WIDTH = 1024;
    private static final int COLUMNS = 4096;
    private static final int ROUNDS = 6;

    private GemmCeiling() {}

    @SuppressWarnings("try") // the scope frees the operands
    static double measure(Ops ops, NDManager manager, DataType type) {
        double best = 0;
        try (Ops.Scope scope = ops.scope()) {
            NDArray x = ops.cast(manager.ones(new Shape(WIDTH, WIDTH)), type);
            NDArray weight = ops.cast(manager.ones(new Shape(COLUMNS, WIDTH)), type);
            for (int round = 0; round < ROUNDS; round++) {
                long start = System.nanoTime();
                try (NDArray y = ops.withoutGradients(() -> ops.linear(x, weight))) {
                    ops.cast(y.get("0:1, 0:1"), DataType.FLOAT32).toFloatArray(); // waits for a device
                }
                best = Math.max(best, 2.0 * WIDTH * WIDTH * COLUMNS / (System.nanoTime() - start));
            }
        }
        return best;
    }
}
