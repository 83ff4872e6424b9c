package org.cpet.spi.compress;

import java.util.function.Consumer;
import org.cpet.spi.model.TokenBatch;

/** Rows to measure activations on, without labels' influence. */
public interface CalibrationData {
    /** Runs through the same batches in the same order each time; a batch is valid inside the call. */
    void forEach(Consumer<TokenBatch> batches);

    /** How many rows. */
    long rows();

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
