package org.cpet.plugin.pruning;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.cpet.spi.compress.CalibrationData;
import org.cpet.spi.loss.TaskLoss;
import org.cpet.spi.model.TokenBatch;

/** Calibration rows of a test. */
record ToyRows(List<TokenBatch> batches, Optional<TaskLoss> taskLoss) implements CalibrationData {
    static final ToyRows NONE = new ToyRows(List.of(), Optional.empty());

    static ToyRows of(TokenBatch... batches) {
        return new ToyRows(List.of(batches), Optional.empty());
    }

    ToyRows with(TaskLoss loss) {
        return new ToyRows(batches, Optional.of(loss));
    }

    @Override
    public void forEach(Consumer<TokenBatch> consumer) {
        batches.forEach(consumer);
    }

    @Override
    public long rows() {
        return batches.stream()
                .mapToLong(batch -> batch.inputIds().getShape().get(0))
                .sum();
    }
}
