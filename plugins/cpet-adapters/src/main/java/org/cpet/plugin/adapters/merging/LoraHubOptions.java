package org.cpet.plugin.adapters.merging;

import org.cpet.spi.Option;

/** Options of {@code lorahub}. */
public record LoraHubOptions(
        @Option(description = "adapters tried, the one with all weights 0 among them", defaultValue = "40", min = 1)
        int budget,

        @Option(description = "largest magnitude of a weight", defaultValue = "1.5", min = 0, aboveMin = true)
        double bound,

        @Option(
                description = "factor of the mean magnitude of the weights beside the loss",
                defaultValue = "0.05",
                min = 0)
        double penalty) {}
