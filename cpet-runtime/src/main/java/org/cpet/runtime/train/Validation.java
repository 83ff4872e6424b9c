package org.cpet.runtime.train;

import java.util.Map;

/** Measures a stage's model on rows held out of training. */
@FunctionalInterface
public interface Validation {
    /** Measures the model as it is now. */
    Measured measure();

    /**
     * What an evaluation found.
     *
     * @param metrics in the recipe's order; the first chooses the best epoch
     * @param loss the mean task loss
     */
    record Measured(Map<String, Double> metrics, double loss, long examples, double seconds) {}
}
