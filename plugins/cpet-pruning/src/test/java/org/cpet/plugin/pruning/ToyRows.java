package org.cpet.plugin.pruning;

import java.util.List;
import java.util.function.Consumer;
import org.cpet.spi.compress.CalibrationData;
import org.cpet.spi.model.TokenBatch;

/** Calibration rows of a test. */
record ToyRows(List<TokenBatch> batches) implements CalibrationData {
    static final ToyRows NONE = new ToyRows(List.of());

    static ToyRows of(TokenBatch... batches) {
        return new ToyRows(List.of(batches));
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
