package org.cpet.runtime.recipe;

import org.cpet.spi.Option;

/** A condition that a finished run must meet, else exit code 9. */
public record GateSection(
        @Option(description = "a metric of the evaluation") String metric,

        @Option(description = "the row of the table", defaultValue = "cpet")
        Paradigm paradigm,

        @Option(description = "smallest value allowed, 0 to 1", min = 0, max = 1)
        double min) {}
