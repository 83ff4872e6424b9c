package org.cpet.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.cpet.runtime.recipe.TrainingSection;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.event.RunEvent;
import org.cpet.spi.loss.DistillationLoss;
import org.junit.jupiter.api.Test;

class TrainingStageTest {
    @Test
    void trainingLowersTheLoss() {
        try (ToyStage toy = new ToyStage()) {
            run(toy, ToyStage.training(30, 4, 1));
            List<Double> losses = losses(toy);
            assertThat(losses.get(losses.size() - 1)).isLessThan(losses.get(0) / 2);
        }
    }

    @Test
    void accumulatedMicroBatchesEqualTheBigBatch() {
        compareAccumulation(Optional.empty());
    }

    @Test
    void accumulatedDistillationEqualsTheBigBatch() {
        compareAccumulation(Optional.of(ToyStage.shrinking(false)));
        compareAccumulation(Optional.of(ToyStage.shrinking(true)));
    }

    private static void compareAccumulation(Optional<DistillationLoss> distillation) {
        try (ToyStage big = new ToyStage();
                ToyStage small = new ToyStage()) {
            big.distillation = distillation;
            small.distillation = distillation;
            run(big, ToyStage.training(6, 12, 1));
            run(small, ToyStage.training(6, 4, 3));
            Map<String, float[]> expected = big.values();
            // sums in another order: float32 rounding, enlarged by Adam's division by small second moments
            small.values()
                    .forEach((name, values) -> assertThat(values).containsExactly(expected.get(name), within(2e-4f)));
        }
    }

    @Test
    void continuedStageEndsInTheSameBytes() {
        try (ToyStage straight = new ToyStage();
                ToyStage stopped = new ToyStage();
                ToyStage continued = new ToyStage()) {
            straight.dropout = 0.3;
            stopped.dropout = 0.3;
            continued.dropout = 0.3;
            TrainingSection training = ToyStage.training(14, 4, 2);
            run(straight, training);

            AtomicInteger asked = new AtomicInteger();
            try (TrainingStage stage =
                    stopped.stage(training, () -> asked.incrementAndGet() == 9, stopped.remembering())) {
                assertThatThrownBy(stage::train)
                        .isInstanceOf(CpetException.class)
                        .hasMessage(
                                "interrupted in stage toy after step 9 of 14; the same command continues from there")
                        .extracting(thrown -> ((CpetException) thrown).exitCode())
                        .isEqualTo(ExitCode.INTERRUPTED);
            }
            continued.saved.putAll(stopped.saved);
            continued.progress.putAll(stopped.progress);
            try (TrainingStage stage = continued.stage(training, () -> false, continued.remembering())) {
                stage.train();
            }
            Map<String, float[]> expected = straight.values();
            continued.values().forEach((name, values) -> assertThat(values).isEqualTo(expected.get(name)));
            List<Double> pieces = new ArrayList<>(losses(stopped));
            pieces.addAll(losses(continued));
            assertThat(pieces).isEqualTo(losses(straight));
        }
    }

    @Test
    void anInfiniteLossStopsTheRunBeforeAnyCheckpoint() {
        try (ToyStage toy = new ToyStage()) {
            toy.lossFactor = Double.POSITIVE_INFINITY;
            try (TrainingStage stage = toy.stage(ToyStage.training(6, 4, 1), () -> false, toy.remembering())) {
                assertThatThrownBy(stage::train)
                        .isInstanceOf(CpetException.class)
                        .hasMessage("stage toy diverged at step 1; found loss Infinity at learning rate 0.0"
                                + "; allowed finite numbers: lower the learning rate or max_grad_norm")
                        .extracting(thrown -> ((CpetException) thrown).exitCode())
                        .isEqualTo(ExitCode.DIVERGED);
            }
            assertThat(toy.saved).isEmpty();
        }
    }

    @Test
    void aParameterThatNoGradientReachesIsNoticed() {
        try (ToyStage toy = new ToyStage()) {
            toy.model.linears().get(0).remove(toy.bypass);
            run(toy, ToyStage.training(6, 4, 1));
            assertThat(toy.events)
                    .contains(
                            new RunEvent.Notice("toy", "no gradient has reached down and 1 more in the first 4 steps"));
        }
    }

    private static void run(ToyStage toy, TrainingSection training) {
        try (TrainingStage stage = toy.stage(training, () -> false)) {
            stage.train();
        }
    }

    private static List<RunEvent.StepCompleted> logged(ToyStage toy) {
        return toy.events.stream()
                .filter(RunEvent.StepCompleted.class::isInstance)
                .map(RunEvent.StepCompleted.class::cast)
                .filter(step -> !Double.isNaN(step.loss()))
                .toList();
    }

    private static List<Double> losses(ToyStage toy) {
        return logged(toy).stream().map(RunEvent.StepCompleted::loss).toList();
    }
}
