package org.cpet.spi.tensor;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.function.UnaryOperator;

/** A function whose backward pass is written, not derived. One object for one call; used through {@link Ops#custom}. */
public interface CustomFunction {
    /**
     * y, a new tensor; no graph is recorded.
     *
     * @param keep gives a handle of a tensor that is valid in {@link #backward}; inputs and results of this pass may be
     *     freed before
     */
    NDArray forward(UnaryOperator<NDArray> keep);

    /** ∂L/∂input for each input, in their order, from ∂L/∂y; those of inputs that need none are not looked at. */
    List<NDArray> backward(NDArray gradient);
}
