package org.cpet.plugin.estimation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Exact counts with stable ties. */
class ChoiceTest {
    private static final double THIRD = 1.0 / 3;

    @Test
    void theWorkedMasksKeepFourOfSix() {
        double[] masks = {.9, .2, 1.1, .5, -.3, .7};

        assertThat(Counts.highest(masks, Counts.kept(6, THIRD))).containsExactly(0, 2, 3, 5);
    }

    @Test
    void equalMasksKeepTheFirstAndTheCount() {
        assertThat(Counts.highest(new double[] {1, 1, 1, 1, 1, 1}, Counts.kept(6, THIRD)))
                .containsExactly(0, 1, 2, 3);
    }

    @Test
    void aQuantileThatHitsAValueExcludesIt() {
        assertThat(Counts.kept(4, THIRD)).isEqualTo(2); // 3 · 1/3 is the second value itself
        assertThat(Counts.kept(70, THIRD)).isEqualTo(46);
    }

    @Test
    void aShareOfZeroKeepsAllAndOneIsAlwaysLeft() {
        assertThat(Counts.kept(5, 0)).isEqualTo(5);
        assertThat(Counts.kept(1, 0.9)).isEqualTo(1);
        assertThat(Counts.kept(3, 0.99)).isEqualTo(1);
    }

    @Test
    void whatIsNotANumberComesLast() {
        assertThat(Counts.highest(new double[] {Double.NaN, .1, Double.POSITIVE_INFINITY, .2}, 2))
                .containsExactly(1, 3);
    }

    @Test
    void groupsOfQueryHeadsCountTogether() {
        assertThat(Counts.blockMeans(new double[] {1, 3, 5, 7}, 2)).containsExactly(2, 6);
    }

    @Test
    void aGlobalRankingLeavesEveryLayerOneNeuron() {
        Map<String, double[]> masks = new LinkedHashMap<>();
        masks.put("low", new double[] {.1, .2});
        masks.put("high", new double[] {.9, .8});

        Map<String, int[]> kept = new Choice(options(Ranking.GLOBAL)).units(masks);

        assertThat(kept.get("low")).containsExactly(1);
        assertThat(kept.get("high")).containsExactly(0);
    }

    @Test
    void aModuleThatLosesAllItsRanksGoes() {
        Map<String, Double> ratios = new LinkedHashMap<>();
        Map<String, double[]> scores = new LinkedHashMap<>();
        for (int i = 0; i < 8; i++) {
            ratios.put("m" + i, (double) i);
            scores.put("m" + i, new double[] {i, i});
        }

        Map<String, int[]> kept = new Choice(options(Ranking.LAYER)).ranks(ratios, scores);

        assertThat(kept).containsOnlyKeys("m7"); // of m6 and m7 the upper half of four ranks
        assertThat(kept.get("m7")).containsExactly(0, 1);
    }

    private static LightPeftOptions options(Ranking ranking) {
        return new LightPeftOptions(2, 1e-4, THIRD, 0.5, ranking, 0.75, 0.5, Importance.MEAN_THEN_ABS);
    }
}
