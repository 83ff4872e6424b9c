package org.cpet.runtime.train;

import java.util.List;
import org.cpet.runtime.checkpoint.StageCheckpoints;
import org.cpet.runtime.recipe.TrainingSection;
import org.cpet.spi.model.TrainableTensor;
import org.cpet.spi.model.TransformerModel;

/**
 * What a stage trains.
 *
 * @param name {@code teacher}, {@code compressed_pet}, {@code cpet}, ...
 * @param parameters everything that changes, in a fixed order
 */
public record StagePlan(
        String name,
        TransformerModel model,
        List<TrainableTensor> parameters,
        Objective objective,
        TrainingSection training,
        TrainingRows rows,
        Validation validation,
        StageCheckpoints checkpoints) {
    /** Optimizer steps in an epoch; what is left over at its end is a step of its own. */
    public long stepsPerEpoch() {
        return ceilDiv(rows.microBatches(), training.gradient_accumulation_steps());
    }

    /** Optimizer steps in all. */
    public long steps() {
        return training.max_steps()
                .map(Integer::longValue)
                .orElseGet(() -> training.epochs().orElseThrow() * stepsPerEpoch());
    }

    private static long ceilDiv(long numerator, long denominator) {
        return (numerator + denominator - 1) / denominator;
    }
}
