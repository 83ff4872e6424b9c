package org.cpet.runtime.memory;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.cpet.runtime.memory.StageDemand.Teaching;
import org.cpet.runtime.recipe.TrainingSection.Memory;
import org.cpet.spi.model.AttentionSpec;
import org.cpet.spi.model.FeedForwardSpec;
import org.cpet.spi.model.LinearRole;
import org.cpet.spi.model.LinearSpec;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModelTask;
import org.cpet.spi.model.TensorSpec;
import org.cpet.spi.tensor.Activation;
import org.junit.jupiter.api.Test;

/** Two encoder blocks of hidden size 8 with two heads of width 4 and 16 neurons, three rows of five tokens: n = 15. */
class StageDemandTest {
    private static final BatchShape BATCH = new BatchShape(3, 5, 0);
    private static final long ATTENTION = 15 * (3 * 8 + 2 * 5 + 8 + 3 * 8); // q k v, P, context, input norm output
    private static final long FEED_FORWARD = 15 * (16 + 3 * 8);
    private static final long PASSING = 15 * (2 * 24 + 2 * 10 + 5 * 8);

    @Test
    void aFastStepKeepsWhatEveryBlockNeeds() {
        StepTensors tensors = StepTensors.of(layout(), BATCH, name -> false, false, false);

        assertThat(tensors).isEqualTo(new StepTensors(2 * (ATTENTION + FEED_FORWARD), PASSING, 3 * 4));
    }

    @Test
    void aLeanStepKeepsTheBlocksInputsAndOneBlock() {
        StepTensors tensors = StepTensors.of(layout(), BATCH, name -> false, false, true);

        assertThat(tensors.kept()).isEqualTo(2 * 15 * 8 + ATTENTION + FEED_FORWARD);
    }

    @Test
    void sidePathsAndDropoutKeepMore() {
        long plain =
                StepTensors.of(layout(), BATCH, name -> false, false, false).kept();

        assertThat(StepTensors.of(layout(), BATCH, name -> name.endsWith(".down"), false, false)
                        .kept())
                .isEqualTo(plain + 2 * 15 * 16);
        assertThat(StepTensors.of(layout(), BATCH, name -> name.endsWith(".out"), false, false)
                        .kept())
                .isEqualTo(plain + 2 * 15 * 8);
        assertThat(StepTensors.of(layout(), BATCH, name -> false, true, false).kept())
                .isEqualTo(plain + 4 * 15 * 8 + 2 * (15 * 10 / 4)); // four halves' noise, a byte for each weight of P
    }

    @Test
    void compressedWeightsHaveASecondFormUnlessMemoryIsLow() {
        ModelLayout packed = layout().mapLinears(
                        linear -> linear.stored("int8", linear.out()).unpacked(4L * linear.out() * linear.in()));
        StageDemand demand = new StageDemand(packed, 1000, 4, Set.of("a.in"), 50, 1, new Teaching(70, true), false);

        StageMemory fast = demand.with(BATCH, false);
        StageMemory low = demand.with(BATCH, true);

        assertThat(fast.unpacked())
                .isEqualTo(packed.linears().stream()
                        .mapToLong(LinearSpec::unpackedBytes)
                        .sum())
                .isPositive();
        assertThat(low.unpacked()).isZero();
        assertThat(List.of(fast.weights(), fast.masters(), fast.gradients(), fast.moments(), fast.teacherAnswers()))
                .containsExactly(1000L, 400L, 200L, 400L, 70L);
        assertThat(low.total()).isLessThan(fast.total());
    }

    @Test
    void autoTakesLittleMemoryOnlyWhereMuchDoesNotFit() {
        StageMemory fast = new StageMemory(3L << 20, 0, 0, 0, 0, 0, 2L << 20, 0);
        StageMemory low = new StageMemory(3L << 20, 0, 0, 0, 0, 0, 1L << 20, 0);

        assertThat(choice(Memory.AUTO, fast, low, 5L << 20).chosen()).isEqualTo(Memory.FAST);
        MemoryChoice tight = choice(Memory.AUTO, fast, low, (5L << 20) - 1);
        assertThat(tight.chosen()).isEqualTo(Memory.LOW);
        assertThat(tight.exceeds()).isFalse();
        assertThat(tight.reason())
                .isEqualTo("training.memory is low: fast would take 5 MiB, there are 5 MiB; low takes 4 MiB");
        assertThat(choice(Memory.FAST, fast, low, 1).chosen()).isEqualTo(Memory.FAST);
        assertThat(choice(Memory.FAST, fast, low, 1 << 20).warning())
                .isEqualTo("the stage is expected to take 5 MiB, there are 1 MiB; a smaller training.batch_size or"
                        + " training.memory: low takes less");
        assertThat(choice(Memory.AUTO, fast, low, 1 << 20).warning())
                .endsWith("a smaller training.batch_size takes less");
        assertThat(new MemoryChoice(Memory.AUTO, fast, low, OptionalLong.empty()).chosen())
                .isEqualTo(Memory.FAST);
    }

    @Test
    void aDecoderReadsItsTargetsAndLooksAtTheEncodersTokens() {
        ModelLayout layout = layout(ModelTask.SEQ2SEQ_LM);
        BatchShape batch = new BatchShape(2, 7, 3);

        assertThat(batch.positions(layout, "encoder.block.0.layer.0.SelfAttention"))
                .isEqualTo(7);
        assertThat(batch.keys(layout, "decoder.block.0.layer.0.SelfAttention")).isEqualTo(3);
        assertThat(batch.positions(layout, "decoder.block.0.layer.1.EncDecAttention"))
                .isEqualTo(3);
        assertThat(batch.keys(layout, "decoder.block.0.layer.1.EncDecAttention"))
                .isEqualTo(7);
        assertThat(batch.read(layout)).isEqualTo(3);
    }

    private static MemoryChoice choice(Memory asked, StageMemory fast, StageMemory low, long available) {
        return new MemoryChoice(asked, fast, low, OptionalLong.of(available));
    }

    private static ModelLayout layout() {
        return layout(ModelTask.SEQ_CLS);
    }

    private static ModelLayout layout(ModelTask task) {
        List<LinearSpec> linears = new java.util.ArrayList<>();
        List<AttentionSpec> attentions = new java.util.ArrayList<>();
        List<FeedForwardSpec> feedForwards = new java.util.ArrayList<>();
        for (String block : List.of("a", "b")) {
            for (String name : List.of("query", "key", "value", "out")) {
                linears.add(LinearSpec.dense(block + "." + name, LinearRole.QUERY, 8, 8, false));
            }
            linears.add(LinearSpec.dense(block + ".in", LinearRole.FFN_IN, 16, 8, false));
            linears.add(LinearSpec.dense(block + ".down", LinearRole.FFN_OUT, 8, 16, false));
            attentions.add(new AttentionSpec(
                    block, block + ".query", block + ".key", block + ".value", block + ".out", 2, 1, 4));
            feedForwards.add(
                    new FeedForwardSpec(block, List.of(block + ".in"), block + ".down", 16, Activation.RELU, ""));
        }
        linears.add(LinearSpec.dense("classifier", LinearRole.CLASSIFIER, 4, 8, true));
        TensorSpec table = TensorSpec.required("table", new Shape(20, 8), new TensorSpec.Normal(1));
        return new ModelLayout("test", task, 8, 20, "", List.of(table), List.of(), linears, attentions, feedForwards);
    }
}
