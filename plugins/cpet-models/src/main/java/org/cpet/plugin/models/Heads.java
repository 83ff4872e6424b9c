package org.cpet.plugin.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

/** Between hidden vectors [batch, tokens, heads · d] and heads [batch, heads, tokens, d]. */
public final class Heads {
    private Heads() {}

    /** A view of x by heads. */
    public static NDArray split(NDArray x, int heads, int headDim) {
        Shape shape = x.getShape();
        return x.reshape(shape.get(0), shape.get(1), heads, headDim).transpose(0, 2, 1, 3);
    }

    /** Heads side by side again. */
    public static NDArray merge(NDArray context) {
        Shape shape = context.getShape();
        return context.transpose(0, 2, 1, 3).reshape(shape.get(0), shape.get(2), shape.get(1) * shape.get(3));
    }
}
