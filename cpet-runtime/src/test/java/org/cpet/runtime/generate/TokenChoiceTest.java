package org.cpet.runtime.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.cpet.spi.OptionException;
import org.junit.jupiter.api.Test;

class TokenChoiceTest {
    private static final float[] LOGITS = {0f, 2f, 1f, 2f, -5f};

    @Test
    void greedyTakesTheFirstOfTheLargest() {
        assertThat(TokenChoice.GREEDY.next(LOGITS, new SplittableRandom(1))).isEqualTo(1);
    }

    @Test
    void samplingFollowsTheDistribution() {
        double[] shares = shares(new Sampling(1, 0, 1));
        double sum = 1 + 2 * Math.exp(2) + Math.E + Math.exp(-5);

        // 20,000 draws: three standard deviations of a share are at most 0.011
        assertThat(shares[1]).isCloseTo(Math.exp(2) / sum, within(0.011));
        assertThat(shares[2]).isCloseTo(Math.E / sum, within(0.011));
        assertThat(shares[0]).isCloseTo(1 / sum, within(0.011));
    }

    @Test
    void aHigherTemperatureFlattens() {
        double[] shares = shares(new Sampling(2, 0, 1));
        double sum = 1 + 2 * Math.E + Math.exp(0.5) + Math.exp(-2.5);

        assertThat(shares[1]).isCloseTo(Math.E / sum, within(0.011));
    }

    @Test
    void topKLeavesTheMostLikely() {
        double[] shares = shares(new Sampling(1, 3, 1));

        assertThat(shares[0]).isZero();
        assertThat(shares[4]).isZero();
        assertThat(shares[1] + shares[2] + shares[3]).isCloseTo(1, within(1e-9));
    }

    @Test
    void topPLeavesTheFewestThatReachIt() {
        // the two largest hold 0.79 of the mass, one of them 0.4
        assertThat(shares(new Sampling(1, 0, 0.5)))
                .containsExactly(0, shares(new Sampling(1, 2, 1))[1], 0, shares(new Sampling(1, 2, 1))[3], 0);
        assertThat(shares(new Sampling(1, 0, 0.1))[1]).isEqualTo(1);
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        assertThatThrownBy(() -> new Sampling(0, 0, 1))
                .isInstanceOf(OptionException.class)
                .hasMessage("temperature must be above 0, was 0.0");
        assertThatThrownBy(() -> new Sampling(1, -1, 1)).hasMessage("top-k must be at least 0, was -1");
        assertThatThrownBy(() -> new Sampling(1, 0, 1.5)).hasMessage("top-p must be above 0 and at most 1, was 1.5");
    }

    private static double[] shares(TokenChoice choice) {
        int draws = 20_000;
        double[] shares = new double[LOGITS.length];
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < draws; i++) {
            shares[choice.next(LOGITS, random)]++;
        }
        return Arrays.stream(shares).map(count -> count / draws).toArray();
    }
}
