package org.cpet.runtime.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class StatisticsTest {
    @Test
    void meanAndDeviationOfTheSample() {
        Statistics found = Statistics.of(List.of(2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0));

        assertThat(found.count()).isEqualTo(8);
        assertThat(found.mean()).isEqualTo(5.0);
        assertThat(found.sd()).isEqualTo(Math.sqrt(32.0 / 7.0));
    }

    @Test
    void twoValuesBoundTheirOwnInterval() {
        // resampled means are 0, 0.5 and 1 with shares 1/4, 1/2 and 1/4
        Statistics found = Statistics.of(List.of(0.0, 1.0));

        assertThat(found.low()).isZero();
        assertThat(found.high()).isOne();
    }

    @Test
    void theIntervalOfManyValuesIsTheNormalOne() {
        List<Double> values = java.util.stream.IntStream.range(0, 400)
                .mapToObj(i -> (double) (i % 2))
                .toList();

        Statistics found = Statistics.of(values);

        // mean 0.5, standard error 0.025: 1.96 of them on either side; 0.005 is the grain of the means, 1/400 twice
        assertThat(found.low()).isCloseTo(0.451, within(0.005));
        assertThat(found.high()).isCloseTo(0.549, within(0.005));
    }

    @Test
    void theSameValuesHaveTheSameInterval() {
        List<Double> values = List.of(0.81, 0.835, 0.822);

        assertThat(Statistics.of(values)).isEqualTo(Statistics.of(values));
    }

    @Test
    void oneValueHasNoSpreadAndNoneNoMean() {
        assertThat(Statistics.of(List.of(0.7))).isEqualTo(new Statistics(1, 0.7, Double.NaN, Double.NaN, Double.NaN));
        assertThat(Statistics.of(List.of(Double.NaN)).mean()).isNaN();
    }
}
