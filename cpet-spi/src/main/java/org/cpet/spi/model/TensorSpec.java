package org.cpet.spi.model;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

/**
 * A tensor a model needs.
 *
 * @param name its name in a Hugging Face file, base prefix included
 * @param start how it starts when no file provides it
 * @param optional true for a head, which a directory may lack: it is then drawn from the seed
 */
public record TensorSpec(String name, Shape shape, Start start, boolean optional) {
    /** Initial values. */
    public sealed interface Start {}

    /** Normal with mean 0. */
    public record Normal(double standardDeviation) implements Start {}

    /** Every element the same. */
    public record Constant(double value) implements Start {}

    /** No initial value: codes, scales and the like, which only a file can give, of this type. */
    public record Stored(DataType type) implements Start {}

    /** The same tensor with a last axis of {@code channels} where that is {@code hiddenSize} long. */
    TensorSpec withHidden(int hiddenSize, int channels) {
        int last = shape.dimension() - 1;
        if (last < 0 || shape.get(last) != hiddenSize) {
            return this;
        }
        long[] sides = shape.getShape().clone();
        sides[last] = channels;
        return shaped(sides);
    }

    /** The same tensor with another shape. */
    public TensorSpec shaped(long... sides) {
        return new TensorSpec(name, new Shape(sides), start, optional);
    }

    /** A tensor that a file must provide unless the whole model starts at random. */
    public static TensorSpec required(String name, Shape shape, Start start) {
        return new TensorSpec(name, shape, start, false);
    }
}
