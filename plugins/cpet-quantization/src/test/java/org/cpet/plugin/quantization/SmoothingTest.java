package org.cpet.plugin.quantization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Optional;
import org.cpet.spi.CpetException;
import org.cpet.spi.OptionException;
import org.cpet.spi.compress.CalibrationData;
import org.cpet.spi.contract.ContractSession;
import org.cpet.spi.contract.ToySpec;
import org.cpet.spi.contract.ToyTransformer;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.LinearOp;
import org.cpet.spi.tensor.Ops;
import org.cpet.spi.tensor.QuantizedRows;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SmoothingTest {
    private final ContractSession session = ContractSession.open();
    private final Ops ops = session.ops();
    private final NDManager manager = session.manager();

    @AfterEach
    void close() {
        session.close();
    }

    /** max|X| = [16, 1], max|W| = [.5, 2], α = .5: both sides become [2.828427, 1.414214]. */
    @Test
    void scalesShareTheRangeAsWorkedOut() {
        float[] scales = Smoothing.scales(new float[] {16, 1}, new float[] {0.5f, 2}, 0.5);

        assertThat(scales).containsExactly(new float[] {5.656854f, 0.707107f}, within(1e-6f));
        assertThat(16 / scales[0]).isCloseTo(2.828427f, within(1e-6f)).isCloseTo(0.5f * scales[0], within(1e-6f));
        assertThat(1 / scales[1]).isCloseTo(1.414214f, within(1e-6f)).isCloseTo(2 * scales[1], within(1e-6f));
    }

    @Test
    void columnsWithoutValuesStayAndSmallScalesHaveAFloor() {
        assertThat(Smoothing.scales(new float[] {0, 3, 1e-12f}, new float[] {2, 0, 1}, 0.5))
                .containsExactly(1, 1, 1e-5f);
    }

    /** An activation of 100 beside ones leaves plain int8 one code for them; shared with the weight they survive. */
    @Test
    void anOutlierHurtsLessWhereItsColumnIsSmoothed() {
        NDArray weight = manager.create(new float[][] {{0.01f, 0.5f, -0.4f}, {-0.02f, 0.3f, 0.2f}});
        NDArray x = manager.create(new float[][] {{100, 0.3f, -0.2f}, {-90, 0.1f, 0.35f}});
        float[] exact = ops.linear(x, weight).toFloatArray();
        float[] scales = Smoothing.scales(new float[] {100, 0.3f, 0.35f}, new float[] {0.02f, 0.5f, 0.4f}, 0.5);
        NDArray c = manager.create(scales);
        LinearOp smoothed = new Int8Linear(
                ops,
                "layer",
                ops.quantizeRows(weight.mul(c)),
                List.of(),
                List.of(c),
                Int8Activations.DYNAMIC,
                Optional.empty());
        LinearOp plain = new Int8Linear(ops, "layer", ops.quantizeRows(weight), List.of(), Int8Activations.DYNAMIC);

        for (ForwardMode mode : List.of(ForwardMode.EXACT, ForwardMode.DEPLOYED)) {
            assertThat(worst(smoothed.apply(x, mode), exact)).isLessThan(worst(plain.apply(x, mode), exact) / 4);
        }
        // half a code of either scaled row: it stands for the same weight
        assertThat(smoothed.weight().toFloatArray()).containsExactly(weight.toFloatArray(), within(0.02f));
        assertThat(smoothed.keepColumns(new int[] {2, 0}).weight().toFloatArray())
                .containsExactly(pick(smoothed.weight(), 2, 0), within(1e-7f));
    }

    /** X = [[1,−2,8],[.5,1,−.25]], W = [[.5,−.1,.2],[1,.3,−.4]], limit 6: column 2 is an outlier. */
    @Test
    void outlierColumnsStayInFloatingPointAsWorkedOut() {
        NDArray weight = manager.create(new float[][] {{0.5f, -0.1f, 0.2f}, {1, 0.3f, -0.4f}});
        NDArray x = manager.create(new float[][] {{1, -2, 8}, {0.5f, 1, -0.25f}});
        QuantizedRows rows = ops.quantizeRows(weight);
        LinearOp layer = new Int8Linear(
                ops,
                "layer",
                rows,
                List.of(),
                List.of(),
                Int8Activations.DYNAMIC,
                Optional.of(new OutlierColumns(ops, 6)));

        float[] expected = {2.307087f, -2.803150f, 0.103346f, 0.903543f};
        assertThat(layer.apply(x, ForwardMode.EXACT).toFloatArray()).containsExactly(expected, within(2e-6f));
        // the machine's kernel may hold seven bits of x or bfloat16 sums
        assertThat(layer.apply(x, ForwardMode.DEPLOYED).toFloatArray()).containsExactly(expected, within(4e-2f));
        assertThat(new OutlierColumns(ops, 6)
                        .apply(x, rows, rest -> ops.int8Linear(rest, rows).mul(0))
                        .toFloatArray())
                .containsExactly(new float[] {1.606299f, -3.212598f, -0.050197f, 0.100394f}, within(2e-6f));
        assertThat(new OutlierColumns(ops, 9)
                        .apply(x, rows, rest -> ops.int8Linear(rest, rows))
                        .toFloatArray())
                .isEqualTo(ops.int8Linear(x, rows).toFloatArray());
    }

    /** Straight through: ∂L/∂x = g (s ⊙ q), outlier or not; with an input scale that of x / c. */
    @Test
    void theGradientIsThatOfTheWeightItStandsFor() {
        NDArray weight = manager.create(new float[][] {{0.5f, -0.1f, 0.2f}, {1, 0.3f, -0.4f}});
        NDArray x = ops.trainable(manager.create(new float[][] {{1, -2, 8}, {0.5f, 1, -0.25f}}));
        NDArray c = manager.create(new float[] {2, 0.5f, 4});
        LinearOp layer = new Int8Linear(
                ops,
                "layer",
                ops.quantizeRows(weight.mul(c)),
                List.of(),
                List.of(c),
                Int8Activations.DYNAMIC,
                Optional.of(new OutlierColumns(ops, 1.5)));

        try (Ops.Scope scope = ops.scope()) {
            ops.backward(
                    ops.withGradients(() -> layer.apply(x, ForwardMode.EXACT).sum()));
        }

        float[] sums = layer.weight().sum(new int[] {0}).toFloatArray();
        assertThat(ops.gradient(x).toFloatArray())
                .containsExactly(new float[] {sums[0], sums[1], sums[2], sums[0], sums[1], sums[2]}, within(1e-6f));
    }

    @Test
    void smoothingNeedsTokens() {
        try (ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            Int8Options options = new Int8Options(
                    Int8Activations.DYNAMIC, Optional.of(0.5), Optional.empty(), 8, List.of("all-linear"), List.of());

            assertThatThrownBy(() -> new Int8Factory()
                            .create(options, session.context(1))
                            .compress(model, CalibrationData.NONE))
                    .isInstanceOf(CpetException.class)
                    .hasMessage("int8: no calibration token reaches layer toy.layer.0.attention.query; found 0 tokens;"
                            + " allowed no smooth, or data with training rows");
        }
    }

    @Test
    void weightOnlyLayersHaveNothingToSmooth() {
        assertThatThrownBy(() -> new Int8Options(
                        Int8Activations.NONE, Optional.of(0.5), Optional.empty(), 8, List.of(), List.of()))
                .isInstanceOf(OptionException.class)
                .hasMessage(
                        "smooth and outliers are about rounded activations, so activations must be dynamic, was none");
    }

    private static float worst(NDArray found, float[] expected) {
        float worst = 0;
        float[] values = found.toFloatArray();
        for (int i = 0; i < values.length; i++) {
            worst = Math.max(worst, Math.abs(values[i] - expected[i]));
        }
        return worst;
    }

    private static float[] pick(NDArray weight, int... columns) {
        int rows = (int) weight.getShape().get(0);
        int width = (int) weight.getShape().get(1);
        float[] picked = new float[rows * columns.length];
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < columns.length; i++) {
                picked[row * columns.length + i] = weight.toFloatArray()[row * width + columns[i]];
            }
        }
        return picked;
    }
}
