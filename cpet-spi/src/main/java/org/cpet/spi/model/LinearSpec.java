package org.cpet.spi.model;

/**
 * A linear layer as a plan sees it.
 *
 * @param name Hugging Face's dotted name, for example {@code encoder.block.0.layer.0.SelfAttention.q}
 * @param out rows of the weight
 * @param in columns of the weight
 * @param storage how the weight is held: {@code float32}, {@code int8}, ...
 * @param bytes held by weight, scales and bias
 * @param unpackedBytes of the second form that training keeps beside them where memory is not short; see {@link
 *     LinearOp#unpackedBytes}
 */
public record LinearSpec(
        String name, LinearRole role, int out, int in, boolean bias, String storage, long bytes, long unpackedBytes) {
    /** A layer that is held in one form. */
    public LinearSpec(String name, LinearRole role, int out, int in, boolean bias, String storage, long bytes) {
        this(name, role, out, in, bias, storage, bytes, 0);
    }

    /** A dense float32 layer. */
    public static LinearSpec dense(String name, LinearRole role, int out, int in, boolean bias) {
        return new LinearSpec(name, role, out, in, bias, "float32", 4L * out * in + (bias ? 4L * out : 0));
    }

    /** The same layer with another shape; what its elements do not account for (scales, bias) goes with the rows. */
    public LinearSpec resized(int newOut, int newIn) {
        if (newOut == out && newIn == in) {
            return this;
        }
        long elements = (long) out * in;
        long each = bytes / elements;
        if (each == 0) {
            return with(newOut, newIn, Math.round((double) bytes * newOut * newIn / elements));
        }
        long perRow = (bytes - each * elements) / out;
        return with(newOut, newIn, each * newOut * newIn + perRow * newOut);
    }

    /** The same layer held another way, in one form. */
    public LinearSpec stored(String newStorage, long newBytes) {
        return new LinearSpec(name, role, out, in, bias, newStorage, newBytes);
    }

    /** The same layer with a second form that training keeps. */
    public LinearSpec unpacked(long newBytes) {
        return new LinearSpec(name, role, out, in, bias, storage, bytes, newBytes);
    }

    private LinearSpec with(int newOut, int newIn, long newBytes) {
        long second = unpackedBytes / ((long) out * in) * newOut * newIn;
        return new LinearSpec(name, role, newOut, newIn, bias, storage, newBytes, second);
    }
}
