package org.cpet.plugin.adapters.merging;

import org.cpet.spi.Option;

/** Options of {@code task_arithmetic}. */
public record TaskArithmeticOptions(
        @Option(description = "factor of the sum", defaultValue = "1")
        double lambda) {}
