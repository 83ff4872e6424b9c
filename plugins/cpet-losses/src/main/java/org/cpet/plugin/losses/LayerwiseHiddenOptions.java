package org.cpet.plugin.losses;

import org.cpet.spi.Option;

/** Options of {@code layerwise_hidden_mse}. */
public record LayerwiseHiddenOptions(
        @Option(description = "weight of the distillation loss beside the task loss", defaultValue = "0.05", min = 0)
        double alpha,

        @Option(
                description = "divide the sum of squares by the counted elements (mean) or by the examples",
                defaultValue = "mean")
        Reduction reduction,

        @Option(
                description = "compare the encoder's layers instead of the decoder's, where there are both",
                defaultValue = "false")
        boolean encoder) {}
