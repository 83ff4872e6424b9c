package org.cpet.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.cpet.spi.tensor.Activation;
import org.cpet.spi.tensor.AdamWSettings;
import org.cpet.spi.tensor.Ops;
import org.cpet.spi.tensor.QuantizedRows;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

@SuppressWarnings("try") // scopes are opened for what they close
class TorchOpsTest {
    private static final EngineSession SESSION = EngineSession.open(DeviceChoice.parse("cpu"), 1);
    private final Ops ops = SESSION.ops();
    private final NDManager manager = SESSION.manager();

    @AfterAll
    static void close() {
        SESSION.close();
    }

    @Test
    void everyOperationRuns() {
        try (Ops.Scope scope = ops.scope()) {
            NDArray x = manager.randomNormal(new Shape(2, 3, 4));
            NDArray w = manager.randomNormal(new Shape(5, 4));
            NDArray b = manager.randomNormal(new Shape(5));
            assertThat(ops.linear(x, w).getShape()).isEqualTo(new Shape(2, 3, 5));
            ops.linear(x, w, b);
            for (Activation a : Activation.values()) {
                ops.activation(x, a);
                ops.bottleneck(x, w, manager.randomNormal(new Shape(7, 5)), 2.0, a);
            }
            ops.embedding(manager.create(new long[] {1, 2}, new Shape(1, 2)), w);
            ops.layerNorm(x, manager.ones(new Shape(4)), manager.zeros(new Shape(4)), 1e-5);
            ops.rmsNorm(x, manager.ones(new Shape(4)), 1e-6);
            NDArray q = manager.randomNormal(new Shape(2, 4, 3, 8));
            NDArray k = manager.randomNormal(new Shape(2, 2, 3, 8));
            ops.attention(q, q, q, 0.3);
            ops.attention(q, k, k, 0.3);
            ops.attention(q, k, k, manager.zeros(new Shape(2, 1, 3, 3)), 0.3);
            ops.causalAttention(q, k, k, 0.3);
            ops.rotary(q, manager.ones(new Shape(3, 8)), manager.zeros(new Shape(3, 8)));
            ops.dropout(q, 0.5);
            ops.crossEntropy(w, manager.create(new long[] {0, 1, -100, 2, 3}), -100);
            ops.logSoftmax(w);
            for (DataType t : List.of(DataType.FLOAT16, DataType.BFLOAT16, DataType.FLOAT64, DataType.INT64)) {
                ops.cast(ops.cast(w, t), DataType.FLOAT32);
            }
            QuantizedRows rows = ops.quantizeRows(w);
            ops.dequantize(rows);
            ops.int8Linear(x, rows);
            ops.prepareInt8(rows, List.of(b)).apply(x);
            ops.detach(x);
            NDArray leaf = ops.trainable(w);
            NDArray loss = ops.withGradients(() -> ops.int8Linear(
                            ops.linear(x, leaf), ops.quantizeRows(manager.ones(new Shape(3, 5))))
                    .square()
                    .sum());
            assertThat(ops.gradient(leaf).sum().getFloat()).isZero();
            ops.zeroGradient(leaf);
            ops.backward(loss);
            assertThat(ops.gradient(leaf).abs().sum().getFloat()).isPositive();
            NDArray norm = ops.clipGradients(List.of(leaf), 1.0);
            assertThat(norm.getFloat()).isPositive();
            assertThat(ops.gradient(leaf).norm().getFloat()).isBetween(0.99f, 1.0f);
            NDArray m = leaf.zerosLike();
            NDArray v = leaf.zerosLike();
            float before = leaf.getFloat(0, 0);
            ops.adamW(List.of(leaf), List.of(m), List.of(v), 1, AdamWSettings.of(0.1, 0.0));
            assertThat(Math.abs(leaf.getFloat(0, 0) - before)).isBetween(0.099f, 0.1001f);
            ops.zeroGradient(leaf);
            ops.assign(leaf, w);
            assertThat(leaf.getFloat(0, 0)).isEqualTo(w.getFloat(0, 0));
            ops.seed(7);
            NDArray picked = ops.select(w, 1, new int[] {3, 0});
            assertThat(picked.getShape()).isEqualTo(new Shape(5, 2));
            assertThat(picked.getFloat(1, 0)).isEqualTo(w.getFloat(1, 3));
            assertThat(ops.copy(w).contentEquals(w)).isTrue();
        }
    }
}
