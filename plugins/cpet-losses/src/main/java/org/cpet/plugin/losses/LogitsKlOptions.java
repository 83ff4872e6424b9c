package org.cpet.plugin.losses;

import org.cpet.spi.Option;
import org.cpet.spi.Options;

/** Options of {@code logits_kl}. */
public record LogitsKlOptions(
        @Option(description = "weight of the distillation loss beside the task loss", defaultValue = "0.05", min = 0)
        double alpha,

        @Option(
                description = "both sides' logits are divided by it before the softmax",
                defaultValue = "1",
                min = 0,
                aboveMin = true)
        double temperature,

        @Option(
                description = "divide the sum over positions by the counted positions (mean) or by the examples",
                defaultValue = "mean")
        Reduction reduction) {
    public LogitsKlOptions {
        Options.check(temperature > 0, "temperature must be above 0, was %s", temperature);
    }
}
