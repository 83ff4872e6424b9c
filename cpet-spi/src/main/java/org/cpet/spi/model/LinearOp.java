package org.cpet.spi.model;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Optional;

/**
 * The arithmetic of a linear layer: dense, int8, packed, masked, ... y = x Wᵀ + b with W [out, in]. Immutable; surgery
 * makes a new one.
 */
public interface LinearOp extends AutoCloseable {
    /** Rows of the weight. */
    int out();

    /** Columns of the weight. */
    int in();

    /**
     * x [.., in] to y [.., out], bias included; keeps the gradient with respect to x. y is a new tensor that no backward
     * pass reads: side paths are added to it in place.
     */
    NDArray apply(NDArray x, ForwardMode mode);

    /** The weight this layer stands for, dense [out, in]; may be a new tensor, the caller must not change it. */
    NDArray weight();

    /** The bias [out], or an empty list. */
    List<NDArray> bias();

    /** The layer with these rows only, in this order; closes nothing. */
    LinearOp keepRows(int[] rows);

    /** The layer with these columns only; closes nothing. */
    LinearOp keepColumns(int[] columns);

    /** How the weight is held, as tables show it: {@code float32}, {@code int8}, ... */
    String storage();

    /** Bytes held by weight, scales and bias. */
    long bytes();

    /** Bytes of a second form of the weight that training passes keep unless they are lean; 0 where there is none. */
    default long unpackedBytes() {
        return 0;
    }

    /** What a saved model holds for this layer, named with the layer's name in front. */
    List<ModelTensor> tensors();

    /**
     * How {@link #tensors} are opened again; empty where a saved model holds the dense weight that the layer stands for.
     */
    default Optional<PackedForm> packed() {
        return Optional.empty();
    }

    /** Frees tensors that only this layer holds. */
    @Override
    void close();
}
