package org.cpet.plugin.pet.part;

import ai.djl.ndarray.NDArray;
import org.cpet.spi.tensor.Ops;

/** Brings float32 masters and activations of another type together. */
public final class Numbers {
    private Numbers() {}

    /** {@code x} in the type of {@code other}; keeps the gradient. */
    public static NDArray like(Ops ops, NDArray x, NDArray other) {
        return x.getDataType() == other.getDataType() ? x : ops.cast(x, other.getDataType());
    }
}
