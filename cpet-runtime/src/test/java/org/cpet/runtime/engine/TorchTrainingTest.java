package org.cpet.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.cpet.spi.tensor.AdamWSettings;
import org.cpet.spi.tensor.Ops;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class TorchTrainingTest {
    private static final EngineSession SESSION = EngineSession.open(DeviceChoice.parse("cpu"), 1);

    private final Ops ops = SESSION.ops();
    private final NDManager manager = SESSION.manager();

    @AfterAll
    static void close() {
        SESSION.close();
    }

    private NDArray leaf(float... values) {
        return ops.trainable(manager.create(values));
    }

    /** Adds the gradient {@code factors} to the leaf's. */
    private void backward(NDArray leaf, float... factors) {
        NDArray loss = ops.withGradients(() -> leaf.mul(manager.create(factors)).sum());
        ops.backward(loss);
    }

    @Test
    void aLeafIsAFloat32CopyAndFloat64StaysWide() {
        NDArray half = ops.cast(manager.ones(new Shape(2)), DataType.BFLOAT16);
        NDArray wide = manager.create(new double[] {1, 2});
        NDArray copy = ops.trainable(wide);
        wide.addi(1);

        assertThat(ops.trainable(half).getDataType()).isEqualTo(DataType.FLOAT32);
        assertThat(copy.toDoubleArray()).containsExactly(1, 2);
        assertThat(copy.hasGradient()).isTrue();
    }

    @Test
    void gradientsAddUpUntilTheyAreZeroed() {
        NDArray leaf = leaf(1, 1);
        assertThat(ops.gradient(leaf).toFloatArray()).containsExactly(0, 0);
        ops.zeroGradient(leaf);
        backward(leaf, 1, 2);
        backward(leaf, 10, 20);
        assertThat(ops.gradient(leaf).toFloatArray()).containsExactly(11, 22);

        ops.zeroGradient(leaf);

        assertThat(ops.gradient(leaf).toFloatArray()).containsExactly(0, 0);
    }

    @Test
    void clippingScalesTheJointNormDownOnly() {
        NDArray a = leaf(0, 0);
        NDArray b = leaf(0);
        backward(a, 3, 0);
        backward(b, -4);

        assertThat(ops.clipGradients(List.of(a, b), 10).getFloat()).isEqualTo(5);
        assertThat(ops.gradient(b).getFloat(0)).isEqualTo(-4);
        assertThat(ops.clipGradients(List.of(a, b), 1).getFloat()).isEqualTo(5);

        // the divisor is norm + 1e-6, as elsewhere, so that a norm of zero is no special case
        assertThat(ops.gradient(a).getFloat(0)).isCloseTo(0.6f, within(1e-6f));
        assertThat(ops.gradient(b).getFloat(0)).isCloseTo(-0.8f, within(1e-6f));
    }

    @Test
    void clippingAZeroGradientLeavesZeros() {
        NDArray a = leaf(1);

        assertThat(ops.clipGradients(List.of(a), 1).getFloat()).isZero();
        assertThat(ops.gradient(a).getFloat(0)).isZero();
    }

    @Test
    void adamWFollowsItsFormulasOverSeveralSteps() {
        double rate = 0.1;
        double decay = 0.1;
        float[] gradients = {0.5f, -2f, 1e-3f};
        NDArray leaf = leaf(1, -2, 3);
        NDArray m = manager.zeros(new Shape(3));
        NDArray v = manager.zeros(new Shape(3));
        double[] p = {1, -2, 3};
        double[] em = new double[3];
        double[] ev = new double[3];
        for (int step = 1; step <= 5; step++) {
            ops.zeroGradient(leaf);
            backward(leaf, gradients);
            ops.adamW(List.of(leaf), List.of(m), List.of(v), step, AdamWSettings.of(rate, decay));
            for (int i = 0; i < 3; i++) {
                double g = gradients[i];
                p[i] -= rate * decay * p[i];
                em[i] = 0.9 * em[i] + 0.1 * g;
                ev[i] = 0.999 * ev[i] + 0.001 * g * g;
                double corrected = Math.sqrt(ev[i] / (1 - Math.pow(0.999, step))) + 1e-8;
                p[i] -= rate * em[i] / (1 - Math.pow(0.9, step)) / corrected;
            }
        }
        for (int i = 0; i < 3; i++) {
            assertThat(leaf.getFloat(i)).isCloseTo((float) p[i], within(2e-6f)); // float32 over five steps
        }
    }

    @Test
    void adamWDecaysALeafThatNothingReached() {
        NDArray leaf = leaf(2);
        NDArray m = manager.zeros(new Shape(1));
        NDArray v = manager.zeros(new Shape(1));

        ops.adamW(List.of(leaf), List.of(m), List.of(v), 1, AdamWSettings.of(0.5, 0.1));

        assertThat(leaf.getFloat(0)).isCloseTo(2 * (1 - 0.05f), within(1e-6f));
    }

    @Test
    void assigningChangesALeafInPlaceAndKeepsIt() {
        NDArray leaf = leaf(1, 2);

        ops.assign(leaf, manager.create(new float[] {5, 6}));
        backward(leaf, 1, 1);

        assertThat(leaf.toFloatArray()).containsExactly(5, 6);
        assertThat(ops.gradient(leaf).toFloatArray()).containsExactly(1, 1);
    }

    @Test
    void onlyTheLow32BitsOfASeedCount() {
        NDArray ones = manager.ones(new Shape(64));
        ops.seed(99);
        NDArray first = ops.dropout(ones, 0.5);
        ops.seed(99 + (1L << 32));
        assertThat(ops.dropout(ones, 0.5).contentEquals(first)).isTrue();
        ops.seed(100);
        assertThat(ops.dropout(ones, 0.5).contentEquals(first)).isFalse();
    }
}
