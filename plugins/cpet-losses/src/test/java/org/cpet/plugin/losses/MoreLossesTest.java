package org.cpet.plugin.losses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cpet.spi.contract.ContractSession;
import org.cpet.spi.loss.DistillationLoss;
import org.cpet.spi.loss.OutputKind;
import org.cpet.spi.loss.TeacherOutput;
import org.cpet.spi.model.ModelOutput;
import org.cpet.spi.model.TokenBatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MoreLossesTest {
    private final ContractSession session = ContractSession.open();
    private final NDManager manager = session.manager();

    @AfterEach
    void close() {
        session.close();
    }

    /** p = (.75, .25) from logits (ln 3, 0), q = (.5, .5): KL = .75 ln 1.5 + .25 ln .5 = .130812. */
    @Test
    void divergenceOfTwoClasses() {
        ModelOutput student = logits(0, 0);
        TeacherOutput teacher =
                teacher(OutputKind.LOGITS, manager.create(new float[] {(float) Math.log(3), 0}, new Shape(1, 2)));

        // float32 logarithms
        assertThat(kl(1).loss(student, teacher, batch()).getFloat()).isCloseTo(0.130812f, within(1e-6f));
        // at T = 2, p = (√3, 1) / (√3 + 1) = (.633975, .366025): 4 (.633975 ln 1.267949 + .366025 ln .732051) = .145363
        assertThat(kl(2).loss(student, teacher, batch()).getFloat()).isCloseTo(0.145363f, within(1e-6f));
    }

    @Test
    void eachTargetHasItsOwnWeight() {
        DistillationLoss loss = new EncoderDecoderHiddenMseFactory()
                .create(
                        new EncoderDecoderHiddenOptions(0.5, Optional.of(0.005), Optional.empty(), Reduction.MEAN),
                        session.context(1));
        ModelOutput student =
                new ModelOutput(Optional.empty(), 0, List.of(state(1, 3)), List.of(state(2, 2)), Optional.empty());
        TeacherOutput teacher = new TeacherOutput(
                Map.of(OutputKind.ENCODER_LAST_HIDDEN, state(0, 0), OutputKind.LAST_HIDDEN, state(0, 0)));

        // means of squares (1 + 9) / 2 and 4, by 0.005 and 0.5
        assertThat(loss.loss(student, teacher, batch()).getFloat()).isCloseTo(0.005f * 5 + 0.5f * 4, within(1e-6f));
        assertThat(loss.terms()).extracting(DistillationLoss::alpha).containsExactly(0.005, 0.5);
        assertThatThrownBy(() -> loss.loss(logits(0, 0), teacher, batch()))
                .hasMessage("distillation compares an encoder and a decoder; found a model with one stack; allowed"
                        + " encoder-decoder models, or last_hidden_mse");
    }

    @Test
    void fewerLayersAreSpreadEvenlyAndEndTogether() {
        assertThat(List.of(
                        LayerwiseHiddenMse.layer(1, 3, 6),
                        LayerwiseHiddenMse.layer(2, 3, 6),
                        LayerwiseHiddenMse.layer(3, 3, 6),
                        LayerwiseHiddenMse.layer(1, 4, 6),
                        LayerwiseHiddenMse.layer(4, 4, 6),
                        LayerwiseHiddenMse.layer(2, 6, 6)))
                .containsExactly(2, 4, 6, 2, 6, 2);
    }

    @Test
    void layersAreComparedInPairsAndAveraged() {
        DistillationLoss loss = layerwise();
        ModelOutput student = new ModelOutput(
                Optional.empty(), 0, List.of(state(9, 9), state(1, 1), state(3, 5)), List.of(), Optional.empty());
        NDArray taught = NDArrays.concat(new NDList(state(7, 7), state(1, 2), state(7, 7), state(3, 3)), 2);

        // two student layers against the teacher's second and fourth: (0 + 1) / 2 and (0 + 4) / 2, halved
        assertThat(loss.loss(student, teacher(OutputKind.HIDDEN_LAYERS, taught), batch())
                        .getFloat())
                .isCloseTo((0.5f + 2f) / 2, within(1e-6f));
        assertThatThrownBy(() -> loss.loss(student, teacher(OutputKind.HIDDEN_LAYERS, state(1, 1)), batch()))
                .hasMessage(
                        "layerwise_hidden_mse: the teacher's layers are 2 wide together; found a student of 2 layers,"
                                + " each 2 wide; allowed one hidden size and no more layers than the teacher has");
    }

    private DistillationLoss layerwise() {
        return new LayerwiseHiddenMseFactory()
                .create(new LayerwiseHiddenOptions(1, Reduction.MEAN, false), session.context(1));
    }

    private DistillationLoss kl(double temperature) {
        return new LogitsKlFactory().create(new LogitsKlOptions(1, temperature, Reduction.MEAN), session.context(1));
    }

    private ModelOutput logits(float first, float second) {
        NDArray logits = manager.create(new float[] {first, second}, new Shape(1, 2));
        return new ModelOutput(Optional.of(logits), 0, List.of(state(0, 0)), List.of(), Optional.empty());
    }

    private NDArray state(float first, float second) {
        return manager.create(new float[] {first, second}, new Shape(1, 1, 2));
    }

    private static TeacherOutput teacher(OutputKind kind, NDArray tensor) {
        return new TeacherOutput(Map.of(kind, tensor));
    }

    private TokenBatch batch() {
        NDArray one = manager.create(new long[] {1}, new Shape(1, 1));
        return TokenBatch.of(one, one).withLabels(one);
    }
}
