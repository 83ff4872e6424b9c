package org.cpet.plugin.estimation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.cpet.spi.contract.ContractSession;
import org.cpet.spi.model.DenseLinear;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.LinearRole;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.ModelTensor;
import org.cpet.spi.model.TrainableTensor;
import org.cpet.spi.pet.RankedPet.Part;
import org.cpet.spi.tensor.Ops;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The worked vectors of rank scores and module ratios. */
class ScoresTest {
    private static final ContractSession SESSION = ContractSession.open();
    private static final double ROUNDING = 1e-6; // of float32 numbers around 1

    private final Ops ops = SESSION.ops();

    @AfterAll
    static void close() {
        SESSION.close();
    }

    @Test
    void termsCancelBeforeTheirAbsoluteValueIsTaken() {
        assertThat(scores(Importance.MEAN_THEN_ABS)[0]).isCloseTo(0.133333f, within(1e-6f));
        assertThat(scores(Importance.MEAN_THEN_ABS)[1]).isCloseTo(0.15f, within(1e-6f));
    }

    @Test
    void elementwiseTheyDoNot() {
        // A: (|.1| + |-.1|)/2, B: (|.2| + |0| + |.2|)/3
        assertThat(scores(Importance.ABS_THEN_MEAN)[0]).isCloseTo(0.1f + 0.4f / 3, within(1e-6f));
    }

    @Test
    void aModuleRatioIsTheLengthOfTheChangeOverThatOfTheOutput() {
        NDArray weight = matrix(new float[] {3, 4}, 2, 1);
        LinearSite site =
                new LinearSite("layer", LinearRole.QUERY, DenseLinear.of(ops, new ModelTensor("layer.weight", weight)));
        try (OutputChange change = new OutputChange(ops, site, weight)) {
            change.begin();
            site.add((x, mode) -> matrix(new float[] {.3f, .4f}, 1, 2));
            change.end();

            site.forward(matrix(new float[] {1}, 1, 1), ForwardMode.TRAINING);

            assertThat((double) change.take().orElseThrow().toFloatArray()[0]).isCloseTo(0.1, within(ROUNDING));
        }
    }

    private float[] scores(Importance importance) {
        NDArray down = ops.trainable(matrix(new float[] {.1f, -.2f, .3f, .4f}, 2, 2));
        NDArray up = ops.trainable(matrix(new float[] {.2f, -.1f, 0, .5f, .4f, .1f}, 3, 2));
        NDArray downGradient = matrix(new float[] {1, .5f, -1, 1}, 2, 2);
        NDArray upGradient = matrix(new float[] {1, 1, 2, -1, .5f, 3}, 3, 2);
        LinearSite site = new LinearSite(
                "layer",
                LinearRole.QUERY,
                DenseLinear.of(ops, new ModelTensor("layer.weight", matrix(new float[6], 3, 2))));
        ops.withGradients(() -> {
            NDArray loss = down.mul(downGradient).sum().add(up.mul(upGradient).sum());
            ops.backward(loss);
            return loss;
        });
        Part part = new Part(site, new TrainableTensor("down", down), new TrainableTensor("up", up), List.of(0, 1));
        return ops.withoutGradients(
                () -> new RankScores(ops, importance).of(part).toFloatArray());
    }

    private NDArray matrix(float[] values, long rows, long columns) {
        return SESSION.manager().create(values, new Shape(rows, columns));
    }
}
