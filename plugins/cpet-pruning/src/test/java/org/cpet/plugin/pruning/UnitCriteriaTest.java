package org.cpet.plugin.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cpet.spi.CpetException;
import org.cpet.spi.compress.Compressor;
import org.cpet.spi.compress.FirstRows;
import org.cpet.spi.contract.ContractSession;
import org.cpet.spi.contract.ToyBatch;
import org.cpet.spi.contract.ToySpec;
import org.cpet.spi.contract.ToyTransformer;
import org.cpet.spi.loss.TaskLoss;
import org.cpet.spi.model.DenseLinear;
import org.cpet.spi.model.FeedForwardSite;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.LinearRole;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.ModelTensor;
import org.cpet.spi.model.TokenBatch;
import org.junit.jupiter.api.Test;

/** The criteria that look at the loss: first-order Taylor and learned gates. */
class UnitCriteriaTest {
    /** A loss that is a mean over the rows, as task losses are. */
    private static final TaskLoss LOSS =
            (output, batch) -> output.requireLogits().sub(0.3f).square().mean();

    /** |Σ w g| of a group: W = [[1, −2], [.5, .5]] with G = [[.1, .1], [−.2, .4]] gives .1 and .1. */
    @Test
    void theGateSlopeIsTheSumOfWeightTimesGradient() {
        try (ContractSession session = ContractSession.open()) {
            // units are columns of the layer that reads them; one row of inputs x = (1, 1), gradient of y = G's columns
            NDArray weight = session.manager().create(new float[] {1, 0.5f, -2, 0.5f}, new Shape(2, 2));
            LinearSite reader = new LinearSite(
                    "out", LinearRole.FFN_OUT, DenseLinear.of(session.ops(), new ModelTensor("out.weight", weight)));
            for (int unit = 0; unit < 2; unit++) {
                float[] gradient = unit == 0 ? new float[] {0.1f, 0.1f} : new float[] {-0.2f, 0.4f};
                UnitGate gate = new UnitGate(session.ops(), reader, 2);
                NDArray z = session.ops().trainable(session.manager().ones(new Shape(1, 2)));
                gate.open(z, session.manager().ones(new Shape(1, 1)).neq(0));
                reader.addInput(gate);
                session.ops()
                        .backward(session.ops()
                                .withGradients(() -> reader.forward(
                                                session.manager().ones(new Shape(1, 1, 2)), ForwardMode.EXACT)
                                        .mul(session.manager().create(gradient, new Shape(1, 1, 2)))
                                        .sum()));
                reader.removeInput(gate);

                assertThat(Math.abs(session.ops().gradient(z).getFloat(0, unit)))
                        .isCloseTo(0.1f, within(1e-7f));
            }
        }
    }

    @Test
    void aScoreIsTheSlopeOfTheLossAlongTheGate() {
        for (ToySpec spec :
                new ToySpec[] {ToySpec.classifier(), ToySpec.languageModel().grouped(2)}) {
            try (ContractSession session = ContractSession.open();
                    ToyTransformer model = ToyTransformer.open(session, spec)) {
                TokenBatch batch = FirstRows.of(ToyBatch.of(session.manager(), spec, 5), 1);
                LinearSite reader = model.attentions().get(0).output();
                double[] scores =
                        taylor(session, model, ToyRows.of(batch).with(LOSS)).get(reader.name());
                for (int unit = 0; unit < 2; unit++) {
                    double slope = (loss(session, model, reader, batch, unit, 1.01f)
                                    - loss(session, model, reader, batch, unit, 0.99f))
                            / 0.02;
                    // float32 losses of about 1 give 1e-7 / 0.02, the third derivative 0.01²
                    assertThat(scores[unit]).isCloseTo(Math.abs(slope), within(1e-3 * Math.abs(slope) + 3e-5));
                }
            }
        }
    }

    @Test
    void aNeuronThatIsNeverReadGoesFirst() {
        for (Criterion criterion : new Criterion[] {Criterion.TAYLOR, Criterion.L0}) {
            try (ContractSession session = ContractSession.open();
                    ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
                FeedForwardSite block = model.feedForwards().get(1);
                for (int silent : new int[] {0, 5, 11}) {
                    block.out().op().weight().set(new NDIndex(":, {}", silent), 0);
                }
                TokenBatch rows = ToyBatch.of(session.manager(), ToySpec.classifier(), 5);
                NDArray whole = model.forward(rows, ForwardMode.EXACT).requireLogits();
                // the distance from what the whole model says, away from its minimum for a slope, and dearer than a
                // gate
                TaskLoss distance = (output, batch) -> session.ops()
                        .scale(
                                output.requireLogits()
                                        .sub(whole.mul(1.1f))
                                        .square()
                                        .mean(),
                                100);

                create(session, 0, 0.25, criterion, Allocation.UNIFORM)
                        .compress(model, ToyRows.of(rows).with(distance));

                assertThat(block.keptUnits()).as(criterion.toString()).containsExactly(1, 2, 3, 4, 6, 7, 8, 9, 10);
            }
        }
    }

    @Test
    void howRowsAreBatchedHasNoSay() {
        ToySpec spec = ToySpec.classifier();
        try (ContractSession session = ContractSession.open();
                ToyTransformer model = ToyTransformer.open(session, spec)) {
            TokenBatch batch = ToyBatch.of(session.manager(), spec, 5);
            List<TokenBatch> single = new ArrayList<>();
            for (int row = 0; row < ToyBatch.ROWS; row++) {
                String rows = row + ":" + (row + 1);
                single.add(TokenBatch.of(
                        batch.inputIds().get(rows), batch.attentionMask().get(rows)));
            }
            Map<String, double[]> together =
                    taylor(session, model, ToyRows.of(batch).with(LOSS));
            Map<String, double[]> apart = taylor(session, model, new ToyRows(single, Optional.of(LOSS)));

            // a batch of other rows rounds its sums differently
            together.forEach((name, scores) -> assertThat(apart.get(name)).containsExactly(scores, within(1e-6)));
        }
    }

    @Test
    void paddingHasNoSay() {
        ToySpec spec = ToySpec.classifier();
        try (ContractSession session = ContractSession.open();
                ToyTransformer model = ToyTransformer.open(session, spec)) {
            TokenBatch batch = ToyBatch.of(session.manager(), spec, 5);
            NDArray other =
                    batch.inputIds().add(batch.attentionMask().neg().add(1).mul(7));
            Map<String, double[]> expected =
                    taylor(session, model, ToyRows.of(batch).with(LOSS));
            Map<String, double[]> found = taylor(
                    session,
                    model,
                    ToyRows.of(TokenBatch.of(other, batch.attentionMask())).with(LOSS));

            expected.forEach((name, scores) -> assertThat(found.get(name)).isEqualTo(scores));
        }
    }

    @Test
    void gatesReachTheShareAskedForAndLeaveTheWeightsAlone() {
        try (ContractSession session = ContractSession.open();
                ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            ToyRows rows = ToyRows.of(ToyBatch.of(session.manager(), ToySpec.classifier(), 5))
                    .with(LOSS);
            List<UnitGate> gates = model.feedForwards().stream()
                    .map(block -> new UnitGate(session.ops(), block.out(), block.units()))
                    .toList();
            int arrays = model.manager().getManagedArrays().size();
            float[] before = model.feedForwards().get(0).out().op().weight().toFloatArray();

            Map<String, double[]> densities = new LearnedGates(session.context(1), model, L0Options.DEFAULT, 256)
                    .learn(List.of(new LearnedGates.Axis("ffn", gates, 0.5)), rows);

            double open =
                    densities.values().stream().flatMapToDouble(Arrays::stream).sum() / 24;
            // the price swings around its balance; selection makes the count exact
            assertThat(open).isCloseTo(0.5, within(0.1));
            assertThat(model.feedForwards().get(0).out().op().weight().toFloatArray())
                    .isEqualTo(before);
            assertThat(model.manager().getManagedArrays()).hasSize(arrays);
        }
    }

    @Test
    void withoutLabelsTheLossIsMissed() {
        for (Criterion criterion : new Criterion[] {Criterion.TAYLOR, Criterion.L0}) {
            try (ContractSession session = ContractSession.open();
                    ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
                Compressor pruning = create(session, 0.5, 0, criterion, Allocation.UNIFORM);

                assertThat(pruning.needsCalibration()).isTrue();
                assertThatThrownBy(() -> pruning.compress(model, ToyRows.NONE))
                        .isInstanceOf(CpetException.class)
                        .hasMessage("structured_pruning: this criterion needs the task's loss on calibration rows;"
                                + " found no labels; allowed criterion: magnitude or activation, or data with"
                                + " labelled training rows");
                assertThatThrownBy(() -> pruning.compress(model, ToyRows.NONE.with(LOSS)))
                        .hasMessageContaining("found 0 rows");
            }
        }
    }

    @Test
    void aFreeAllocationKeepsTheSumThatThePlanForesees() {
        for (Criterion criterion : Criterion.values()) {
            ToySpec spec = ToySpec.languageModel().grouped(2);
            try (ContractSession session = ContractSession.open();
                    ToyTransformer model = ToyTransformer.open(session, spec)) {
                Compressor pruning = create(session, 0.5, 0.6, criterion, Allocation.FREE);
                long planned = pruning.plan(model.layout()).blockLinears().stream()
                        .mapToLong(linear -> linear.bytes())
                        .sum();

                pruning.compress(
                        model,
                        ToyRows.of(ToyBatch.of(session.manager(), spec, 5)).with(LOSS));

                assertThat(model.layout().blockLinears().stream()
                                .mapToLong(linear -> linear.bytes())
                                .sum())
                        .as(criterion.toString())
                        .isEqualTo(planned);
            }
        }
    }

    private static Map<String, double[]> taylor(ContractSession session, ToyTransformer model, ToyRows rows) {
        List<UnitGate> gates = new ArrayList<>();
        model.attentions().forEach(block -> gates.add(new UnitGate(session.ops(), block.output(), block.groups())));
        model.feedForwards().forEach(block -> gates.add(new UnitGate(session.ops(), block.out(), block.units())));
        return new TaylorScores(session.ops(), model, 256).measure(gates, rows);
    }

    private static double loss(
            ContractSession session, ToyTransformer model, LinearSite reader, TokenBatch batch, int unit, float z) {
        UnitGate gate = new UnitGate(session.ops(), reader, 2);
        float[] values = {1, 1};
        values[unit] = z;
        gate.open(
                session.manager().create(values, new Shape(1, 2)),
                batch.attentionMask().neq(0));
        reader.addInput(gate);
        double loss = LOSS.loss(model.forward(batch, ForwardMode.EXACT), batch).getFloat();
        reader.removeInput(gate);
        return loss;
    }

    private static Compressor create(
            ContractSession session, double heads, double ffn, Criterion criterion, Allocation allocation) {
        return new StructuredPruningFactory()
                .create(
                        new StructuredPruningOptions(
                                heads, ffn, 0, 0, criterion, allocation, Optional.empty(), 256, Optional.empty()),
                        session.context(1));
    }
}
