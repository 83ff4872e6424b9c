package org.cpet.runtime.wiring;

import java.util.function.Consumer;
import org.cpet.spi.compress.CalibrationData;
import org.cpet.spi.model.TokenBatch;

/** Calibration data of a recipe without data. */
enum NoRows implements CalibrationData {
    INSTANCE;

    @Override
    public void forEach(Consumer<TokenBatch> batches) {}

    @Override
    public long rows() {
        return 0;
    }
}
