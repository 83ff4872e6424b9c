package org.cpet.runtime.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Against formulas written out by hand for small shapes. n tokens in a batch; a linear layer of [out, in] takes 2·n·in·out,
 * attention 4·n·t·w for t tokens a row and projections of width w.
 */
class WorkloadFlopsTest {
    // two layers, hidden 6, two heads of width 3, 10 neurons; batch 4, 5 tokens: n = 20
    private static final Workload BERT =
            new Workload("bert", 2, 6, 2, null, 10, 50, 3, 4, 5, 0, 2, 4, List.of("query", "value"), 0, 0, List.of());

    @Test
    void inferenceCountsEveryProductOnce() {
        double block = 20 * 2 * (4 * 6 * 6 + 2 * 6 * 10) + 4 * 20 * 5 * 6;
        double head = 4 * 2 * (6 * 6 + 6 * 3);

        assertThat(flops(BERT, BenchMode.INFER)).isEqualTo(2 * block + head);
        assertThat(flops(BERT, BenchMode.INFER_INT8)).isEqualTo(2 * block + head);
    }

    @Test
    void halfTheHeadsAndNeuronsTakeHalfInTheBlocks() {
        double block = 20 * 2 * (4 * 6 * 3 + 2 * 6 * 5) + 4 * 20 * 5 * 3;
        double head = 4 * 2 * (6 * 6 + 6 * 3);

        assertThat(flops(BERT, BenchMode.INFER_HALF_FFN_HEADS)).isEqualTo(2 * block + head);
    }

    @Test
    void fullTrainingCountsEveryProductThreeTimes() {
        assertThat(flops(BERT, BenchMode.TRAIN_FULL)).isEqualTo(3 * flops(BERT, BenchMode.INFER));
    }

    @Test
    void scalesNeedTheGradientOfTheirWeightsAndNothingBeforeTheFirstLayer() {
        double inputs = 20 * 2 * 3 * (6 * 6); // of query, key and value in the first block
        double pooler = 4 * 2 * 6 * 6;

        assertThat(flops(BERT, BenchMode.TRAIN_PEQA)).isEqualTo(flops(BERT, BenchMode.TRAIN_FULL) - inputs - pooler);
    }

    @Test
    void loraNeedsNoGradientOfFrozenWeightsNorOfWhatLiesBeforeTheFirstSidePath() {
        double linears = 2 * 20 * 2 * (4 * 6 * 6 + 2 * 6 * 10) + 4 * 2 * (6 * 6 + 6 * 3);
        double attention = 2 * 4 * 20 * 5 * 6;
        double first = 3 * 20 * 2 * 6 * 6; // query, key, value of layer 0 read embeddings, which need no gradient
        double classifier = 4 * 2 * 6 * 3; // is trained: its weight's gradient too
        double narrow = 20 * 2 * 6 * 2; // x Aᵀ, as large as h Bᵀ here
        double sides = 2 * (2 * narrow + 3 * narrow) + 2 * (3 * narrow + 3 * narrow); // layer 0, layer 1

        assertThat(flops(BERT, BenchMode.TRAIN_LORA))
                .isEqualTo(2 * linears - first + classifier + 3 * attention + sides);
    }

    @Test
    void aComputedTeacherCostsOneMoreForwardPassThanACachedOne() {
        assertThat(flops(BERT, BenchMode.TRAIN_CPET) - flops(BERT, BenchMode.TRAIN_CPET_CACHED))
                .isEqualTo(flops(BERT, BenchMode.INFER));
    }

    @Test
    void anEncoderDecoderReadsTokensOnOneSideAndTargetsOnTheOther() {
        Workload t5 = new Workload(
                "t5", 1, 6, 2, 4, 10, 50, 0, 4, 5, 3, 2, 4, List.of("q"), 0, 0, List.of()); // w = 8; n = 20, m = 12
        double encoder = 20 * 2 * (4 * 6 * 8 + 2 * 6 * 10) + 4 * 20 * 5 * 8;
        double decoder = 12 * 2 * (4 * 6 * 8 + 2 * 6 * 10) + 4 * 12 * 3 * 8;
        double cross = 2 * (2 * 12 + 2 * 20) * 6 * 8 + 4 * 12 * 5 * 8;

        assertThat(flops(t5, BenchMode.INFER)).isEqualTo(encoder + decoder + cross + 12 * 2 * 6 * 50);
    }

    @Test
    void generationReadsThePromptOnceAndEveryNewTokenAlone() {
        Workload llama =
                new Workload("llama", 1, 6, 2, null, 10, 50, 0, 4, 5, 0, 2, 4, List.of("q_proj"), 3, 2, List.of());
        double linears = (3 + 1) * 2 * (4 * 6 * 6 + 3 * 6 * 10); // three of the prompt and the first new token
        double heads = 2 * 2 * 6 * 50; // one for each new token
        double attention = 4 * 6 * (3 * 3 + 4);

        assertThat(flops(llama, BenchMode.GENERATE)).isEqualTo(linears + heads + attention);
    }

    private static double flops(Workload shape, BenchMode mode) {
        return new WorkloadFlops(shape, mode, 2).perStep();
    }
}
