package org.cpet.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.random.RandomGenerator;
import org.cpet.spi.tensor.Activation;
import org.cpet.spi.tensor.Initializers;
import org.cpet.spi.tensor.Ops;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class OpValuesTest {
    // float32 sums of a few dozen terms of size 1: about 1e-7 each
    private static final float TOLERANCE = 2e-6f;
    private static final EngineSession SESSION = EngineSession.open(DeviceChoice.parse("cpu"), 1);

    private final Ops ops = SESSION.ops();
    private final NDManager manager = SESSION.manager();
    private final RandomGenerator random = new SplittableRandom(20_261_122);

    @AfterAll
    static void close() {
        SESSION.close();
    }

    private NDArray normal(long... shape) {
        return Initializers.normal(manager, new Shape(shape), 1.0, random);
    }

    private static void assertSame(NDArray found, NDArray expected) {
        assertThat(found.getShape()).isEqualTo(expected.getShape());
        assertThat(found.sub(expected).abs().max().getFloat()).isLessThan(TOLERANCE);
    }

    @Test
    void linearIsXTimesWTransposedPlusB() {
        NDArray x = normal(2, 3, 4);
        NDArray w = normal(5, 4);
        NDArray b = normal(5);

        assertSame(ops.linear(x, w, b), x.matMul(w.transpose()).add(b));
        assertSame(ops.linear(x, w), x.matMul(w.transpose()));
    }

    @Test
    void bottleneckScalesTheSidePath() {
        NDArray x = normal(2, 4);
        NDArray down = normal(3, 4);
        NDArray up = normal(5, 3);
        NDArray inner = x.dot(down.transpose());

        assertSame(
                ops.bottleneck(x, down, up, 2, Activation.TANH),
                inner.tanh().dot(up.transpose()).mul(2));
    }

    @Test
    void bottleneckComputesInTheTypeOfX() {
        NDArray x = ops.cast(normal(2, 4), DataType.FLOAT16);
        NDArray down = normal(3, 4);
        NDArray up = normal(5, 3);
        NDArray wide = ops.bottleneck(ops.cast(x, DataType.FLOAT32), down, up, 1, Activation.GELU);

        NDArray found = ops.bottleneck(x, down, up, 1, Activation.GELU);

        assertThat(found.getDataType()).isEqualTo(DataType.FLOAT16);
        NDArray distance = ops.cast(found, DataType.FLOAT32).sub(wide).abs().max();
        // factors, inner vector and result are each rounded to eleven bits, and values here are below 8
        assertThat(distance.getFloat()).isLessThan(8 * 0x1p-9f);
    }

    @Test
    void aBottleneckOntoAnotherTensorIsTheirSum() {
        NDArray x = normal(2, 3, 4);
        NDArray y = normal(2, 3, 5);
        NDArray down = normal(3, 4);
        NDArray up = normal(5, 3);

        NDArray sum = y.add(ops.bottleneck(x, down, up, 0.5, Activation.SILU));

        assertSame(ops.addBottleneck(y, x, down, up, 0.5, Activation.SILU), sum);
    }

    @Test
    void activationsFollowTheirFormulas() {
        double sqrt = Math.sqrt(2 / Math.PI);
        activation(Activation.IDENTITY, v -> v);
        activation(Activation.RELU, v -> Math.max(v, 0));
        activation(Activation.GELU_TANH, v -> 0.5 * v * (1 + Math.tanh(sqrt * (v + 0.044715 * v * v * v))));
        activation(Activation.SILU, v -> v / (1 + Math.exp(-v)));
        activation(Activation.TANH, Math::tanh);
        // Φ(1) and Φ(-2) from tables
        NDArray gelu = ops.activation(manager.create(new double[] {1, -2}), Activation.GELU);
        assertThat(gelu.toDoubleArray()[0]).isCloseTo(0.8413447460685429, within(1e-12));
        assertThat(gelu.toDoubleArray()[1]).isCloseTo(-2 * 0.022750131948179195, within(1e-12));
    }

    private void activation(Activation activation, DoubleUnaryOperator formula) {
        double[] values = {-3, -0.5, 0, 0.25, 2};
        double[] found = ops.activation(manager.create(values), activation).toDoubleArray();
        for (int i = 0; i < values.length; i++) {
            assertThat(found[i]).isCloseTo(formula.applyAsDouble(values[i]), within(1e-12));
        }
    }

    @Test
    void embeddingTakesRows() {
        NDArray table = normal(5, 3);

        NDArray rows = ops.embedding(manager.create(new long[] {4, 0, 4}, new Shape(1, 3)), table);

        assertSame(rows.get(0), table.get(new NDIndex("{}", manager.create(new long[] {4, 0, 4}))));
    }

    @Test
    void layerNormCentresAndScales() {
        NDArray x = normal(3, 8);
        NDArray w = normal(8);
        NDArray b = normal(8);
        NDArray centred = x.sub(x.mean(new int[] {1}, true));
        NDArray variance = centred.square().mean(new int[] {1}, true);

        assertSame(
                ops.layerNorm(x, w, b, 1e-5),
                centred.div(variance.add(1e-5).sqrt()).mul(w).add(b));
    }

    @Test
    void rmsNormTakesTheMeanInFloat32() {
        NDArray x = normal(3, 8).mul(300);
        NDArray w = normal(8);
        NDArray mean = x.square().mean(new int[] {1}, true);
        assertSame(ops.rmsNorm(x, w, 1e-6), x.div(mean.add(1e-6).sqrt()).mul(w));

        // squares of 300 overflow float16
        NDArray half = ops.rmsNorm(
                ops.cast(x, DataType.FLOAT16), ops.cast(manager.ones(new Shape(8)), DataType.FLOAT16), 1e-6);
        float[] found =
                ops.cast(half, DataType.FLOAT32).square().mean(new int[] {1}).toFloatArray();
        for (float meanSquare : found) {
            assertThat(meanSquare).isCloseTo(1f, within(2e-3f)); // float16 keeps 11 bits
        }
    }

    @Test
    void attentionIsSoftmaxOfScaledScores() {
        NDArray q = normal(2, 4, 3, 8);
        NDArray k = normal(2, 4, 5, 8);
        NDArray v = normal(2, 4, 5, 8);
        NDArray bias = normal(2, 1, 3, 5);
        NDArray scores = q.matMul(k.transpose(0, 1, 3, 2)).mul(0.3);

        assertSame(ops.attention(q, k, v, 0.3), scores.softmax(-1).matMul(v));
        assertSame(
                ops.attention(q, k, v, bias, 0.3), scores.add(bias).softmax(-1).matMul(v));
    }

    @Test
    void aHiddenKeyHasNoInfluence() {
        NDArray q = normal(1, 2, 3, 8);
        NDArray k = normal(1, 2, 2, 8);
        NDArray v = normal(1, 2, 2, 8);
        for (float hidden : new float[] {Float.NEGATIVE_INFINITY, -1e9f, -Float.MAX_VALUE}) {
            NDArray bias = manager.create(new float[] {0, hidden}, new Shape(1, 1, 1, 2));
            NDArray seen = ops.attention(q, k, v, bias, 0.3);
            assertSame(seen, v.get(":, :, 0:1").broadcast(new Shape(1, 2, 3, 8)));
        }
    }

    @Test
    void causalAttentionSeesKeysUpToItsOwnPosition() {
        NDArray q = normal(1, 2, 3, 8);
        float no = Float.NEGATIVE_INFINITY;
        NDArray mask = manager.create(new float[] {0, no, no, 0, 0, no, 0, 0, 0}, new Shape(1, 1, 3, 3));

        assertSame(ops.causalAttention(q, q, q, 0.3), ops.attention(q, q, q, mask, 0.3));
    }

    @Test
    void fewerKeyHeadsServeNeighbouringQueryHeads() {
        NDArray q = normal(2, 4, 3, 8);
        NDArray k = normal(2, 2, 3, 8);
        NDArray v = normal(2, 2, 3, 8);
        NDArray bias = normal(2, 1, 3, 3);

        assertSame(ops.attention(q, k, v, bias, 0.3), ops.attention(q, k.repeat(1, 2), v.repeat(1, 2), bias, 0.3));
        assertSame(ops.causalAttention(q, k, v, 0.3), ops.causalAttention(q, k.repeat(1, 2), v.repeat(1, 2), 0.3));
        assertSame(ops.attention(q, k, v, 0.3), ops.attention(q, k.repeat(1, 2), v.repeat(1, 2), 0.3));
        for (NDArray other : List.of(normal(2, 1, 1, 3), normal(1, 1, 1, 3), normal(1, 4, 3, 3), normal(2, 4, 1, 3))) {
            assertSame(
                    ops.attention(q, k, v, other, 0.3), ops.attention(q, k.repeat(1, 2), v.repeat(1, 2), other, 0.3));
        }
    }

    @Test
    void rotaryTurnsPairsOfTheTwoHalves() {
        NDArray x = manager.create(new float[] {1, 2, 3, 4}, new Shape(1, 1, 1, 4));
        NDArray cos = manager.create(new float[] {0.6f, 1, 0.6f, 1}, new Shape(1, 4));
        NDArray sin = manager.create(new float[] {0.8f, 0, 0.8f, 0}, new Shape(1, 4));

        // pairs (1, 3) turned by acos 0.6, (2, 4) left alone
        NDArray expected = manager.create(new float[] {0.6f - 2.4f, 2, 0.8f + 1.8f, 4}, new Shape(1, 1, 1, 4));
        assertSame(ops.rotary(x, cos, sin), expected);
    }

    @Test
    void dropoutIsReproducibleAndKeepsTheMean() {
        NDArray x = manager.ones(new Shape(100_000));
        ops.seed(7);
        NDArray first = ops.dropout(x, 0.25);
        ops.seed(7);
        NDArray second = ops.dropout(x, 0.25);

        assertThat(first.contentEquals(second)).isTrue();
        assertThat(first.mean().getFloat()).isCloseTo(1f, within(0.01f)); // five standard deviations
        assertThat(first.max().getFloat()).isCloseTo(1 / 0.75f, within(TOLERANCE));
        assertThat(ops.dropout(x, 0).contentEquals(x)).isTrue();
    }

    @Test
    void crossEntropyIsTheMeanOverCountedRows() {
        NDArray logits = normal(4, 3);
        NDArray logs = logits.logSoftmax(-1);

        NDArray loss = ops.crossEntropy(logits, manager.create(new long[] {2, -100, 0, 1}), -100);

        float expected = -(logs.getFloat(0, 2) + logs.getFloat(2, 0) + logs.getFloat(3, 1)) / 3;
        assertThat(loss.getFloat()).isCloseTo(expected, within(TOLERANCE));
        NDArray half = ops.cast(logits, DataType.BFLOAT16);
        assertThat(ops.crossEntropy(half, manager.create(new long[4]), -100).getDataType())
                .isEqualTo(DataType.FLOAT32);
        assertSame(ops.logSoftmax(logits), logs);
    }

    @Test
    void selectAndCopyOutliveTheScopeAndKeepTheOrder() {
        NDArray x = manager.create(new float[] {1, 2, 3, 4, 5, 6}, new Shape(2, 3));
        NDArray picked;
        NDArray copied;
        try (Ops.Scope scope = ops.scope()) {
            picked = ops.select(x, 1, new int[] {2, 0});
            copied = ops.copy(x);
            assertThat(scope).isNotNull();
        }
        copied.addi(1);

        assertThat(picked.toFloatArray()).containsExactly(3, 1, 6, 4);
        assertThat(x.getFloat(0, 0)).isEqualTo(1);
    }
}
