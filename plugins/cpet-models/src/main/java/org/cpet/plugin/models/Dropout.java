package org.cpet.plugin.models;

import ai.djl.ndarray.NDArray;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.tensor.Ops;

/** Dropout while training, else the identity. */
public record Dropout(Ops ops, double probability) {
    /** The probability in this pass. */
    public double rate(ForwardMode mode) {
        return mode.training() ? probability : 0;
    }

    public NDArray apply(NDArray x, ForwardMode mode) {
        return rate(mode) > 0 ? ops.dropout(x, probability) : x;
    }
}
