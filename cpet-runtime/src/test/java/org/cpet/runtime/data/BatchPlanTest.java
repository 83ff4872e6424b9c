package org.cpet.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchPlanTest {
    private static final int ROWS = 1_003;
    private final int[] lengths =
            IntStream.range(0, ROWS).map(row -> 5 + (row * 37) % 60).toArray();
    private final BatchPlan plan = new BatchPlan(lengths, 8, 42);

    @Test
    void everyRowIsInOneBatchOfEveryEpoch() {
        for (long epoch = 0; epoch < 3; epoch++) {
            List<List<Integer>> batches = plan.epoch(epoch);

            assertThat(batches).hasSize(plan.batches()).hasSize(126);
            assertThat(batches.stream().flatMap(List::stream).sorted())
                    .containsExactlyElementsOf(IntStream.range(0, ROWS).boxed().toList());
            assertThat(batches.stream().filter(batch -> batch.size() != 8)).hasSize(1);
        }
    }

    @Test
    void anEpochIsAPureFunctionOfItsNumberAndTheSeed() {
        List<List<Integer>> fifth = plan.epoch(5);
        plan.epoch(2);

        assertThat(plan.epoch(5)).isEqualTo(fifth);
        assertThat(new BatchPlan(lengths, 8, 42).epoch(5)).isEqualTo(fifth);
        assertThat(new BatchPlan(lengths, 8, 43).epoch(5)).isNotEqualTo(fifth);
        assertThat(plan.epoch(6)).isNotEqualTo(fifth);
    }

    @Test
    void batchesNeedLittlePadding() {
        // shuffled batches of 8 with lengths spread over 5..64 pad by about 60 %; steps of 16 tokens leave at most 16
        // of
        // about 35 tokens, a quarter in the mean
        long real = IntStream.of(lengths).sum();
        assertThat(padded(plan.epoch(0))).isLessThan((long) (real * 1.30));
    }

    @Test
    void batchesOfOneLengthDoNotStandTogether() {
        List<List<Integer>> batches = plan.epoch(0);
        long rising = IntStream.range(1, batches.size())
                .filter(i -> longest(batches.get(i)) >= longest(batches.get(i - 1)))
                .count();

        // sorted it would be all but one for each chunk; shuffled about half of 125
        assertThat(rising).isBetween(40L, 90L);
    }

    @Test
    void anEvaluationStartsWithTheLongestRows() {
        List<List<Integer>> batches = plan.evaluation();

        assertThat(batches.stream().flatMap(List::stream).sorted())
                .containsExactlyElementsOf(IntStream.range(0, ROWS).boxed().toList());
        assertThat(longest(batches.get(0))).isEqualTo(64);
        assertThat(longest(batches.get(batches.size() - 1))).isEqualTo(5);
    }

    @Test
    void noRowsGiveNoBatches() {
        assertThat(new BatchPlan(new int[0], 8, 1).epoch(0)).isEmpty();
    }

    private long padded(List<List<Integer>> batches) {
        return batches.stream()
                .mapToLong(batch -> (long) batch.size() * longest(batch))
                .sum();
    }

    private int longest(List<Integer> batch) {
        return batch.stream().mapToInt(row -> lengths[row]).max().orElseThrow();
    }
}
