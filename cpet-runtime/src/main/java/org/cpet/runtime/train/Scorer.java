package org.cpet.runtime.train;

import java.util.List;
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

    /**
     * Milliseconds of one product of a packed layer [out, in] in deployed arithmetic, of the dense layer that it stands for,
     * and of that layer in 8 bits.
     *
     * @param storage how the layer is held
     * @param rows of the input
     * @param type of the dense layer
     */
    record Product(
            String storage,
            int in,
            int out,
            int rows,
            double millis,
            String type,
            double denseMillis,
            double int8Millis) {}

    /** On rows held out of training. */
    Validation.Measured validation(TransformerModel model);

    /** On the rows that the table is about. */
    Validation.Measured test(TransformerModel model);

    /** How long forward passes of the timed batch take. */
    Timing latency(TransformerModel model);

    /** Times of single products of packed layers, by how they are held; none where all layers are dense. */
    List<Product> products(TransformerModel model);

    /** The largest difference of logits between exact and deployed arithmetic on some test rows; empty without any. */
    OptionalDouble exactToDeployed(TransformerModel model);
}
