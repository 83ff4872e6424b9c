package org.cpet.spi.model;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * How an FFN is computed where not every neuron is: by experts that a router chooses for each token. It works on the
 * block's layers as they are at the time, so that what stands beside them takes part.
 */
public interface FeedForwardOp extends AutoCloseable {
    /**
     * y [.., hidden] from x [.., hidden]; keeps the gradient with respect to x and to whatever the layers' side paths train.
     *
     * @param inner what happens to the neurons behind their non-linearity, such as dropout
     */
    NDArray apply(NDArray x, UnaryOperator<NDArray> inner, ForwardMode mode);

    /** What tables call it, for example {@code 6 of 32 experts}. */
    String form();

    /** Share of the neurons that is computed for a token. */
    default double share() {
        return 1;
    }

    /** How a directory states it, for the {@link BlockFormat} of that name; empty where it saves a dense block. */
    default Optional<PackedForm> saved() {
        return Optional.empty();
    }

    /** What it holds beside the block's layers, named with the block's name in front. */
    List<ModelTensor> tensors();

    /** Frees what it holds. */
    @Override
    void close();
}
