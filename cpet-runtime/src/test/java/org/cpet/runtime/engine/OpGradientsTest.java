package org.cpet.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.cpet.spi.tensor.Activation;
import org.cpet.spi.tensor.Initializers;
import org.cpet.spi.tensor.Ops;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OpGradientsTest {
    private static final EngineSession SESSION = EngineSession.open(DeviceChoice.parse("cpu"), 1);

    private final Ops ops = SESSION.ops();
    private final NDManager manager = SESSION.manager();
    private final RandomGenerator random = new SplittableRandom(20_261_122);
    private final FiniteDifferences differences = new FiniteDifferences(ops);

    @AfterAll
    static void close() {
        SESSION.close();
    }

    private NDArray normal(long... shape) {
        return Initializers.normal(manager, new Shape(shape), 1.0, random);
    }

    /** A collection between the passes frees what Java alone holds; the graph must not need it. */
    @Test
    void aFactorOutlivesTheCollectorsVisit() {
        for (int round = 0; round < 5; round++) {
            NDArray leaf = ops.trainable(manager.ones(new Shape(4)));
            Ops.Scope scope = ops.scope();
            try (scope) {
                NDArray loss = ops.withGradients(() -> ops.scale(leaf, 0.5).sum());
                System.gc();
                ByteBuffer[] reused = new ByteBuffer[2000];
                Arrays.setAll(reused, i -> ByteBuffer.allocateDirect(4).putInt(0x7fc00000));
                ops.backward(loss);

                assertThat(ops.gradient(leaf).toFloatArray()).containsOnly(0.5f);
                assertThat(reused).hasSize(2000);
            }
        }
    }

    @Test
    void scaleSolveAndPrincipal() {
        differences.check(List.of(normal(3, 2)), in -> ops.scale(in.get(0), -1.5));
        NDArray a = manager.create(new double[] {4, 1, 1, 3}, new Shape(2, 2));
        NDArray b = manager.create(new double[] {1, 2}, new Shape(2, 1));

        // the inverse is [[3, -1], [-1, 4]] / 11
        assertThat(ops.solve(a, b).toDoubleArray()).containsExactly(new double[] {1.0 / 11, 7.0 / 11}, within(1e-12));
        NDArray diagonal = manager.create(new double[] {1, 0, 0, 0, 5, 0, 0, 0, 3}, new Shape(3, 3));
        assertThat(ops.principal(diagonal, 2).abs().toDoubleArray())
                .containsExactly(new double[] {0, 0, 1, 0, 0, 1}, within(1e-12));
    }

    @Test
    void linear() {
        differences.check(
                List.of(normal(2, 3, 4), normal(5, 4), normal(5)), in -> ops.linear(in.get(0), in.get(1), in.get(2)));
        differences.check(List.of(normal(3, 4), normal(5, 4)), in -> ops.linear(in.get(0), in.get(1)));
    }

    // RELU's derivative jumps at 0; a normal draw comes within 1e-5 of it with negligible probability
    @ParameterizedTest
    @EnumSource(Activation.class)
    void bottleneckAndActivation(Activation activation) {
        differences.check(
                List.of(normal(4, 5)),
                in -> ops.activation(in.get(0), activation).mul(1));
        differences.check(
                List.of(normal(2, 6), normal(3, 6), normal(4, 3)),
                in -> ops.bottleneck(in.get(0), in.get(1), in.get(2), 2.5, activation));
    }

    @Test
    void embeddingAddsUpRepeatedRows() {
        NDArray ids = manager.create(new long[] {1, 3, 1, 0}, new Shape(2, 2));
        differences.check(List.of(normal(5, 3)), in -> ops.embedding(ids, in.get(0)));
    }

    @Test
    void normalisations() {
        differences.check(
                List.of(normal(3, 6), normal(6), normal(6)),
                in -> ops.layerNorm(in.get(0), in.get(1), in.get(2), 1e-5));
        differences.check(List.of(normal(3, 6), normal(6)), in -> ops.rmsNorm(in.get(0), in.get(1), 1e-6));
    }

    @Test
    void attention() {
        List<NDArray> inputs = List.of(normal(2, 2, 3, 4), normal(2, 2, 5, 4), normal(2, 2, 5, 4));
        differences.check(inputs, in -> ops.attention(in.get(0), in.get(1), in.get(2), 0.7));
    }

    @Test
    void attentionWithABiasThatIsTrained() {
        differences.check(
                List.of(normal(2, 2, 3, 4), normal(2, 2, 5, 4), normal(2, 2, 5, 4), normal(1, 2, 3, 5)),
                in -> ops.attention(in.get(0), in.get(1), in.get(2), in.get(3), 0.7));
    }

    @Test
    void attentionWithSharedKeys() {
        List<NDArray> inputs = List.of(normal(2, 4, 3, 4), normal(2, 2, 3, 4), normal(2, 2, 3, 4));
        differences.check(inputs, in -> ops.causalAttention(in.get(0), in.get(1), in.get(2), 0.5));
        differences.check(inputs, in -> ops.attention(in.get(0), in.get(1), in.get(2), 0.5));
        NDArray bias = normal(2, 1, 1, 3);
        differences.check(inputs, in -> ops.attention(in.get(0), in.get(1), in.get(2), bias, 0.5));
    }

    @Test
    void rotary() {
        NDArray cos = normal(3, 4).toType(DataType.FLOAT64, false);
        NDArray sin = normal(3, 4).toType(DataType.FLOAT64, false);
        differences.check(List.of(normal(2, 2, 3, 4)), in -> ops.rotary(in.get(0), cos, sin));
    }

    @Test
    void losses() {
        NDArray labels = manager.create(new long[] {2, -100, 0, 1});
        differences.check(List.of(normal(4, 3)), in -> ops.crossEntropy(in.get(0), labels, -100));
        differences.check(List.of(normal(4, 3)), in -> ops.logSoftmax(in.get(0)));
    }

    @Test
    void castToFloat32KeepsTheGradient() {
        NDArray leaf = ops.trainable(normal(3));
        NDArray half = ops.withGradients(() -> ops.cast(ops.cast(leaf, DataType.BFLOAT16), DataType.FLOAT32));
        ops.backward(ops.withGradients(() -> half.mul(3).sum()));

        assertThat(ops.gradient(leaf).toFloatArray()).containsExactly(3f, 3f, 3f);
    }
}
