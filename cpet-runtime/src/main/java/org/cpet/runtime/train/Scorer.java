package org.cpet.runtime.train;

import java.util.OptionalDouble;
import org.cpet.spi.model.TransformerModel;

/** Measures models on the task, with the kernels they are deployed with. */
public interface Scorer {
    /**
     * Milliseconds of single calls.
     *
     * @param sd their standard deviation, NaN of a single one
     */
    record Timing(double median, double mean, double sd, int calls) {}

    /** On rows held out of training. */
    Validation.Measured validation(TransformerModel model);

    /** On the rows that the table is about. */
    Validation.Measured test(TransformerModel model);

    /** How long forward passes of the timed batch take. */
    Timing latency(TransformerModel model);

    /** The largest difference of logits between exact and deployed arithmetic on some test rows; empty without any. */
    OptionalDouble exactToDeployed(TransformerModel model);
}
