package org.cpet.plugin.pruning;

import org.cpet.spi.Option;
import org.cpet.spi.Options;

/** How {@code criterion: l0} learns its gates. */
public record L0Options(
        @Option(description = "steps, each on one calibration batch", defaultValue = "200", min = 1)
        int steps,

        @Option(description = "learning rate of the gates", defaultValue = "0.1", min = 0, aboveMin = true)
        double learningRate,

        @Option(
                description = "learning rate of the price that drives the gates to the share asked for",
                defaultValue = "0.1",
                min = 0,
                aboveMin = true)
        double priceLearningRate,

        @Option(
                description = "share of the gates expected closed at the start",
                defaultValue = "0.1",
                min = 0,
                max = 1,
                aboveMin = true,
                belowMax = true)
        double startSparsity) {
    /** The defaults. */
    static final L0Options DEFAULT = new L0Options(200, 0.1, 0.1, 0.1);

    public L0Options {
        Options.check(steps >= 1, "steps must be at least 1, was %s", steps);
        Options.check(learningRate > 0, "learning_rate must be above 0, was %s", learningRate);
        Options.check(priceLearningRate > 0, "price_learning_rate must be above 0, was %s", priceLearningRate);
        Options.check(
                startSparsity > 0 && startSparsity < 1,
                "start_sparsity must be above 0 and below 1, was %s",
                startSparsity);
    }
}
