package org.cpet.plugin.pruning;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.cpet.spi.contract.Seeded;
import org.junit.jupiter.api.Test;

class UnitSelectionTest {
    @Test
    void aFreeAllocationTakesTheBestOfAllButLeavesOneEverywhere() {
        Map<String, double[]> scores = new LinkedHashMap<>();
        scores.put("weak", new double[] {0.1, 0.2, 0.1, 0.1});
        scores.put("strong", new double[] {5, 1, 4, 3});

        Map<String, int[]> free = UnitSelection.of(scores, 0.5, Allocation.FREE);
        Map<String, int[]> uniform = UnitSelection.of(scores, 0.5, Allocation.UNIFORM);

        assertThat(free.get("weak")).containsExactly(1);
        assertThat(free.get("strong")).containsExactly(0, 2, 3);
        assertThat(uniform.get("weak")).containsExactly(0, 1);
        assertThat(uniform.get("strong")).containsExactly(0, 2);
    }

    @Test
    void amongEqualsTheFirstStay() {
        Map<String, double[]> scores = new LinkedHashMap<>();
        scores.put("a", new double[] {1, 1, 1});
        scores.put("b", new double[] {1, 1, 1});

        Map<String, int[]> kept = UnitSelection.of(scores, 0.34, Allocation.FREE);

        assertThat(kept.get("a")).containsExactly(0, 1, 2);
        assertThat(kept.get("b")).containsExactly(0);
    }

    @Test
    void bothAllocationsKeepAsMany() {
        Seeded.run(seed -> {
            RandomGenerator random = Seeded.random(seed, "scores");
            Map<String, double[]> scores = new LinkedHashMap<>();
            for (int block = 0; block < 6; block++) {
                scores.put("block " + block, random.doubles(7).toArray());
            }
            for (double removed : new double[] {0, 0.1, 0.5, 0.9, 0.99}) {
                Map<String, int[]> free = UnitSelection.of(scores, removed, Allocation.FREE);

                assertThat(count(free)).isEqualTo(count(UnitSelection.of(scores, removed, Allocation.UNIFORM)));
                assertThat(free.values())
                        .allSatisfy(kept -> assertThat(kept).isSorted().isNotEmpty());
            }
        });
    }

    private static int count(Map<String, int[]> kept) {
        return kept.values().stream().mapToInt(indices -> indices.length).sum();
    }

    @Test
    void everythingStaysWhereNothingIsRemoved() {
        Map<String, double[]> scores = Map.of("a", new double[] {3, 1, 2});

        for (Allocation allocation : Allocation.values()) {
            assertThat(Arrays.toString(UnitSelection.of(scores, 0, allocation).get("a")))
                    .isEqualTo("[0, 1, 2]");
        }
    }
}
