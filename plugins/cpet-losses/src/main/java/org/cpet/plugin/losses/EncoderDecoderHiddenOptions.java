package org.cpet.plugin.losses;

import java.util.Optional;
import org.cpet.spi.Option;

/** Options of {@code encoder_decoder_hidden_mse}. */
public record EncoderDecoderHiddenOptions(
        @Option(description = "weight of either distance beside the task loss", defaultValue = "0.05", min = 0)
        double alpha,

        @Option(description = "weight of the encoder's distance, instead of alpha (CPET's code: 0.005)", min = 0)
        Optional<Double> encoderAlpha,

        @Option(description = "weight of the decoder's distance, instead of alpha (CPET's code: 0.05)", min = 0)
        Optional<Double> decoderAlpha,

        @Option(
                description = "divide the sums of squares by the counted elements (mean) or by the examples",
                defaultValue = "mean")
        Reduction reduction) {}
