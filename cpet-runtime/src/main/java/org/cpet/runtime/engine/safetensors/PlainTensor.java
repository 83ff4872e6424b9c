package org.cpet.runtime.engine.safetensors;

import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A tensor to be written that no engine holds.
 *
 * @param pieces its bytes, piece by piece
 */
public record PlainTensor(String name, ElementType type, Shape shape, Pieces pieces) {
    private static final int SLICE = 1 << 18;

    /** Gives the bytes of a tensor, as often as asked. */
    @FunctionalInterface
    public interface Pieces {
        /** Hands all bytes to a sink, in order. */
        void writeTo(ByteSink sink) throws IOException;
    }

    /** Takes bytes in order. */
    @FunctionalInterface
    public interface ByteSink {
        /** Takes all that remain. */
        void write(ByteBuffer bytes) throws IOException;
    }

    /** A float32 tensor. */
    public static PlainTensor of(String name, Shape shape, float[] values) {
        return new PlainTensor(name, ElementType.F32, shape, sink -> {
            ByteBuffer slice = ByteBuffer.allocate(SLICE * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (int begin = 0; begin < values.length; begin += SLICE) {
                int count = Math.min(SLICE, values.length - begin);
                slice.clear().asFloatBuffer().put(values, begin, count);
                sink.write(slice.limit(count * Float.BYTES));
            }
        });
    }

    /** A vector of bytes. */
    public static PlainTensor of(String name, byte[] bytes) {
        return new PlainTensor(
                name, ElementType.U8, new Shape(bytes.length), sink -> sink.write(ByteBuffer.wrap(bytes)));
    }

    /** A tensor of a file as it lies there. */
    public static PlainTensor of(TensorEntry entry) {
        return new PlainTensor(entry.name(), entry.type(), entry.shape(), sink -> StoredValues.read(entry, sink));
    }

    void writeTo(ByteSink sink) throws IOException {
        pieces.writeTo(sink);
    }

    HeaderFormat.Described described() {
        return new HeaderFormat.Described(name, type, shape, shape.size() * type.bytes());
    }
}
