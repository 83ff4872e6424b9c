package org.cpet.plugin.models;

import ai.djl.ndarray.NDArray;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.tensor.Ops;

/** Dropout while training, else the identity. */
public record Dropout(Ops ops, double probability) {
    public NDArray apply(NDArray x, ForwardMode mode) {
        return mode.training() && probability > 0 ? ops.dropout(x, probability) : x;
    }
}
