package org.cpet.plugin.example;

import org.cpet.spi.Option;

/** Options of {@code logits_l1}. */
public record LogitsL1Options(
        @Option(description = "weight of the loss beside the task's", defaultValue = "0.05", min = 0)
        double alpha) {}
