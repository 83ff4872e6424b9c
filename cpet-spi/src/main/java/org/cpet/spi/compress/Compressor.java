package org.cpet.spi.compress;

import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.TransformerModel;

/** 𝓜 → 𝓒: makes a model smaller in place. Deterministic for a seed; compressors compose in the recipe's order. */
public interface Compressor {
    /** The layout after compression; never starts the engine. */
    ModelLayout plan(ModelLayout layout);

    /** Whether {@link #compress} runs calibration rows through the model. */
    default boolean needsCalibration() {
        return false;
    }

    /** Compresses and says what was kept. */
    CompressionReport compress(TransformerModel model, CalibrationData calibration);
}
