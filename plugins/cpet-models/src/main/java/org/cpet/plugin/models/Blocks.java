package org.cpet.plugin.models;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.function.UnaryOperator;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.tensor.Ops;

/** Runs the blocks of a model one by one; a lean training pass keeps their inputs alone. */
public final class Blocks {
    private Blocks() {}

    /** block(h); the block may read nothing else that a gradient has to reach. */
    public static NDArray run(Ops ops, ForwardMode mode, NDArray hidden, UnaryOperator<NDArray> block) {
        return mode.training() && mode.lean()
                ? ops.recomputed(List.of(hidden), inputs -> block.apply(inputs.get(0)))
                : block.apply(hidden);
    }
}
