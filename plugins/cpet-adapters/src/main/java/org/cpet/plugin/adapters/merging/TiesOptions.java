package org.cpet.plugin.adapters.merging;

import org.cpet.spi.Option;

/** Options of {@code ties}. */
public record TiesOptions(
        @Option(description = "factor of the merged vector", defaultValue = "1")
        double lambda,

        @Option(
                description =
                        "share of each vector's entries, the largest, that take part; compressed ones are trimmed already",
                defaultValue = "1",
                min = 0,
                aboveMin = true,
                max = 1)
        double density) {}
