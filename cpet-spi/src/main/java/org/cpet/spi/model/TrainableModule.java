package org.cpet.spi.model;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Map;

/** Trainable tensors put into a model; attached when made. */
public interface TrainableModule extends AutoCloseable {
    /** What training changes, in a fixed order. */
    List<TrainableTensor> parameters();

    /** Everything a file must hold to make the module again, by name; views of the live tensors. */
    Map<String, NDArray> state();

    /**
     * Overwrites the module's tensors.
     *
     * @throws org.cpet.spi.InputException when a name is missing, unknown, or has another shape
     */
    void load(Map<String, NDArray> state);

    /**
     * Drops what only training needs: {@link #parameters} and {@link #state} hold less from here on, and the model computes
     * what it did. Called when a training is over, and before the tensors of such a module are loaded.
     */
    default void settle() {}

    /** Takes the module out of the model, which then computes what it did before. */
    void detach();

    /** Puts a detached module back. */
    void attach();

    /** Detaches if attached and frees the tensors. */
    @Override
    void close();
}
