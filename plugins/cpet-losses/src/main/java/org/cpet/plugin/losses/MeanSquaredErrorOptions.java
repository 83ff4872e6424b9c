package org.cpet.plugin.losses;

import org.cpet.spi.Option;

/**
 * Options of the squared distances to the teacher.
 *
 * @param alpha α of L = L_task + α · L_DIST
 */
public record MeanSquaredErrorOptions(
        @Option(description = "weight of the distillation loss beside the task loss", defaultValue = "0.05", min = 0)
        double alpha,

        @Option(
                description = "divide the sum of squares by the counted elements (mean) or by the examples",
                defaultValue = "mean")
        Reduction reduction) {}
