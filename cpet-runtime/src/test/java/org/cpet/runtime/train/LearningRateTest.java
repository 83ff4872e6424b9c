package org.cpet.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.cpet.runtime.recipe.TrainingSection.Scheduler;
import org.junit.jupiter.api.Test;

class LearningRateTest {
    @Test
    void warmUpRisesFromZeroAndLinearFallsToZero() {
        LearningRate rate = new LearningRate(1.0, Scheduler.LINEAR, 4, 10);
        assertThat(rate.at(0)).isZero();
        assertThat(rate.at(1)).isEqualTo(0.25);
        assertThat(rate.at(4)).isEqualTo(1.0);
        assertThat(rate.at(7)).isEqualTo(0.5);
        assertThat(rate.at(10)).isZero();
    }

    @Test
    void cosineIsHalfwayDownAtHalfTheSteps() {
        LearningRate rate = new LearningRate(2.0, Scheduler.COSINE, 2, 10);
        assertThat(rate.at(2)).isEqualTo(2.0);
        assertThat(rate.at(6)).isCloseTo(1.0, within(1e-15)); // cos(π/2) is not exactly 0 in binary
        assertThat(rate.at(10)).isCloseTo(0.0, within(1e-15));
    }

    @Test
    void constantStaysAtThePeak() {
        LearningRate rate = new LearningRate(3.0, Scheduler.CONSTANT, 0, 10);
        assertThat(rate.at(0)).isEqualTo(3.0);
        assertThat(rate.at(9)).isEqualTo(3.0);
    }

    @Test
    void warmUpRoundsUp() {
        assertThat(LearningRate.of(ToyStage.training(25, 1, 1), 25).warmup()).isEqualTo(3); // ⌈0.1 · 25⌉
    }
}
