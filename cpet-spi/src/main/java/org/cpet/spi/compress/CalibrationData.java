package org.cpet.spi.compress;

import java.util.Optional;
import java.util.function.Consumer;
import org.cpet.spi.loss.TaskLoss;
import org.cpet.spi.model.TokenBatch;

/** Rows to measure a model on: activations, and gradients of the task's loss where a method asks for them. */
public interface CalibrationData {
    /** Runs through the same batches in the same order each time; a batch is valid inside the call. */
    void forEach(Consumer<TokenBatch> batches);

    /** How many rows. */
    long rows();

    /** L_task of a batch, where the rows have labels: what criteria that look at gradients differentiate. */
    default Optional<TaskLoss> taskLoss() {
        return Optional.empty();
    }

    /** No rows: what methods that look at weights alone need. */
    CalibrationData NONE = new CalibrationData() {
        @Override
        public void forEach(Consumer<TokenBatch> batches) {}

        @Override
        public long rows() {
            return 0;
        }
    };
}
