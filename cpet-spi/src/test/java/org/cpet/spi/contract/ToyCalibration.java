package org.cpet.spi.contract;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Optional;
import java.util.function.Consumer;
import org.cpet.spi.compress.CalibrationData;
import org.cpet.spi.loss.TaskLoss;
import org.cpet.spi.model.TokenBatch;

/** Two batches of the toy model's words, the same each time, with a smooth loss of the logits. */
record ToyCalibration(NDManager manager, ToySpec spec) implements CalibrationData {
    private static final int BATCHES = 2;

    @Override
    public void forEach(Consumer<TokenBatch> batches) {
        for (int i = 0; i < BATCHES; i++) {
            batches.accept(ToyBatch.of(manager, spec, 100 + i));
        }
    }

    @Override
    public long rows() {
        return (long) BATCHES * ToyBatch.ROWS;
    }

    @Override
    public Optional<TaskLoss> taskLoss() {
        return Optional.of((output, batch) -> {
            NDArray logits = output.requireLogits();
            return logits.sub(1).square().mean();
        });
    }
}
