package org.cpet.plugin.models;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import org.cpet.spi.model.ForwardMode;

/** The hidden states that a forward pass leaves behind: all of them when asked for, else the last. */
public final class Trail {
    private final boolean all;
    private final List<NDArray> states = new ArrayList<>();

    public Trail(ForwardMode mode) {
        this.all = mode.hiddenStates();
    }

    /** After the embeddings, or after a block that is not the last. */
    public NDArray pass(NDArray hidden) {
        if (all) {
            states.add(hidden);
        }
        return hidden;
    }

    /** After the last block, and the last norm where there is one. */
    public List<NDArray> end(NDArray hidden) {
        states.add(hidden);
        return List.copyOf(states);
    }
}
