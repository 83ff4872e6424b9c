package org.cpet.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cpet.runtime.checkpoint.StageCheckpoints;
import org.cpet.spi.contract.ToySpec;
import org.cpet.spi.contract.ToyTransformer;
import org.cpet.spi.loss.OutputKind;
import org.cpet.spi.model.DenseLinear;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.TrainableTensor;
import org.junit.jupiter.api.Test;

/** A model of which every other weight was pruned learns to compute what the whole one computes. */
class HealedWeightsTest {
    @Test
    void theDistanceFallsPrunedWeightsStayZeroAndNothingTrainableIsLeft() {
        try (ToyStage toy = new ToyStage();
                ToyTransformer pruned = ToyTransformer.open(toy.session, ToySpec.classifier())) {
            prune(toy, pruned);
            Map<String, float[]> before = values(pruned);
            List<Double> losses = new ArrayList<>();
            try (HealedWeights weights = HealedWeights.of(toy.ops, pruned)) {
                assertThat(weights.parameters())
                        .extracting(TrainableTensor::name)
                        .containsExactlyElementsOf(before.keySet());
                heal(toy, pruned, weights, losses);
            }

            assertThat(losses.get(losses.size() - 1)).isLessThan(losses.get(0) / 2);
            values(pruned).forEach((name, values) -> {
                float[] start = before.get(name);
                assertThat(values).as(name).isNotEqualTo(start);
                for (int i = 0; i < values.length && name.endsWith(".weight"); i++) {
                    assertThat(values[i] == 0).as(name + " " + i).isEqualTo(start[i] == 0);
                }
            });
            assertThat(pruned.tensors()).noneMatch(tensor -> tensor.value().hasGradient());
        }
    }

    private static void heal(ToyStage toy, ToyTransformer pruned, HealedWeights weights, List<Double> losses) {
        JoinedLosses loss = new JoinedLosses(List.of(ToyStage.shrinking(false)));
        Teacher teacher = new Teacher(toy.ops, toy.model, java.util.EnumSet.of(OutputKind.LAST_HIDDEN));
        Objective objective = new HealingObjective(HealingObjective.NO_TASK.plus(toy.ops, loss, teacher), weights);
        StagePlan plan = new StagePlan(
                "healing",
                pruned,
                weights.parameters(),
                objective,
                ToyStage.training(40, 4, 1),
                toy.rows(4),
                () -> new Validation.Measured(Map.of(), Double.NaN, 0, 0),
                StageCheckpoints.NONE);
        Events events = new Events(
                event -> {
                    if (event instanceof org.cpet.spi.event.RunEvent.StepCompleted step && !Double.isNaN(step.loss())) {
                        losses.add(step.loss());
                    }
                },
                List.of());
        try (TrainingStage stage = new TrainingStage(plan, toy.ops, 1, events, () -> false)) {
            stage.train();
        }
    }

    private static void prune(ToyStage toy, ToyTransformer model) {
        for (LinearSite site : blocks(model)) {
            float[] values = site.op().weight().toFloatArray();
            for (int i = 0; i < values.length; i += 2) {
                values[i] = 0;
            }
            NDArray weight = site.op().weight();
            try (NDArray zeros = weight.getManager().create(values, weight.getShape())) {
                site.replace(((DenseLinear) site.op()).withWeight(toy.ops.copy(zeros)));
            }
        }
    }

    private static List<LinearSite> blocks(ToyTransformer model) {
        return model.linears().stream().filter(site -> site.role().inBlock()).toList();
    }

    private static Map<String, float[]> values(ToyTransformer model) {
        Map<String, float[]> values = new java.util.LinkedHashMap<>();
        blocks(model).stream()
                .flatMap(site -> site.op().tensors().stream())
                .forEach(tensor -> values.put(tensor.name(), tensor.value().toFloatArray()));
        return values;
    }
}
