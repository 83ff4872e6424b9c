package org.cpet.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.cpet.spi.tensor.Initializers;
import org.cpet.spi.tensor.Ops;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class DroppedAttentionTest {
    private static final EngineSession SESSION = EngineSession.open(DeviceChoice.parse("cpu"), 1);

    private final Ops ops = SESSION.ops();
    private final NDManager manager = SESSION.manager();
    private final RandomGenerator random = new SplittableRandom(20_261_123);
    private final FiniteDifferences differences = new FiniteDifferences(ops);

    @AfterAll
    static void close() {
        SESSION.close();
    }

    private NDArray normal(long... shape) {
        return Initializers.normal(manager, new Shape(shape), 1.0, random);
    }

    private NDArray seeded(List<NDArray> in, List<NDArray> bias, double probability) {
        ops.seed(11);
        return ops.droppedAttention(in.get(0), in.get(1), in.get(2), bias, 0.7, probability);
    }

    @Test
    void gradientsAreThoseOfTheWeightsLeft() {
        List<NDArray> inputs = List.of(normal(2, 2, 3, 4), normal(2, 2, 5, 4), normal(2, 2, 5, 4));

        differences.check(inputs, in -> seeded(in, List.of(), 0.4));
        differences.check(
                inputs, in -> seeded(in, List.of(in.get(0).getManager().ones(new Shape(1, 1, 3, 5))), 0.4));
    }

    @Test
    void gradientsOfSharedHeadsAndOfATrainedBias() {
        differences.check(
                List.of(normal(1, 4, 3, 2), normal(1, 2, 3, 2), normal(1, 2, 3, 2)), in -> seeded(in, List.of(), 0.4));
        differences.check(
                List.of(normal(1, 2, 3, 4), normal(1, 2, 3, 4), normal(1, 2, 3, 4), normal(1, 2, 3, 3)),
                in -> seeded(in, List.of(in.get(3)), 0.4));
    }

    @Test
    void theMeanOverManyMasksIsTheAttentionWithoutDropout() {
        int copies = 4000;
        NDArray q = normal(1, 2, 3, 4).broadcast(new Shape(copies, 2, 3, 4));
        NDArray k = normal(1, 2, 5, 4).broadcast(new Shape(copies, 2, 5, 4));
        NDArray v = normal(1, 2, 5, 4).broadcast(new Shape(copies, 2, 5, 4));

        NDArray dropped = seeded(List.of(q, k, v), List.of(), 0.5);

        // 4,000 draws: values of size 1 whose deviation is below 1 are known to 0.016, and this is six of that
        assertThat(dropped.mean(new int[] {0}).toFloatArray())
                .containsExactly(ops.attention(q, k, v, 0.7).get("0").toFloatArray(), within(0.1f));
        assertThat(dropped.get("0")).isNotEqualTo(dropped.get("1"));
        assertThat(seeded(List.of(q, k, v), List.of(), 0.5)).isEqualTo(dropped);
    }
}
