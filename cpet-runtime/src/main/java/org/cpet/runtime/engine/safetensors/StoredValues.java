package org.cpet.runtime.engine.safetensors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import org.cpet.spi.InputException;

/** Values of checked file entries as Java arrays; no tensor engine is started. */
public final class StoredValues {
    private static final int SLICE = 1 << 20;

    private StoredValues() {}

    /** A floating tensor as float32, row by row. */
    public static float[] floats(TensorEntry entry) {
        if (!entry.type().isFloating()) {
            throw new InputException(entry.file() + ": dtype of " + entry.name() + "; found " + entry.type()
                    + "; allowed F64, F32, F16, BF16");
        }
        if (entry.elements() > Integer.MAX_VALUE - 8) {
            throw new InputException(entry.file() + ": size of " + entry.name() + "; found " + entry.elements()
                    + " elements; allowed up to " + (Integer.MAX_VALUE - 8));
        }
        float[] values = new float[(int) entry.elements()];
        int[] filled = {0};
        try {
            read(entry, bytes -> filled[0] = widen(entry.type(), bytes, values, filled[0]));
        } catch (IOException e) {
            throw failed(entry, e);
        }
        return values;
    }

    /** The bytes of a U8 tensor. */
    public static byte[] bytes(TensorEntry entry) {
        if (entry.type() != ElementType.U8) {
            throw new InputException(
                    entry.file() + ": dtype of " + entry.name() + "; found " + entry.type() + "; allowed U8");
        }
        ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(entry.elements()));
        try {
            read(entry, all::put);
        } catch (IOException e) {
            throw failed(entry, e);
        }
        return all.array();
    }

    /** Hands out the stored bytes in slices of whole elements. */
    static void read(TensorEntry entry, PlainTensor.ByteSink sink) throws IOException {
        ByteBuffer slice = ByteBuffer.allocate(SLICE).order(ByteOrder.LITTLE_ENDIAN);
        try (FileChannel channel = FileChannel.open(entry.file())) {
            for (long at = entry.begin(); at < entry.end(); ) {
                slice.clear().limit((int) Math.min(SLICE, entry.end() - at));
                while (slice.hasRemaining()) {
                    if (channel.read(slice, at + slice.position()) < 0) {
                        throw new IOException("the file shrank while it was read");
                    }
                }
                at += slice.flip().remaining();
                sink.write(slice);
            }
        }
    }

    private static int widen(ElementType type, ByteBuffer bytes, float[] values, int begin) {
        int at = begin;
        if (type == ElementType.F32) {
            int count = bytes.remaining() / Float.BYTES;
            bytes.asFloatBuffer().get(values, at, count);
            return at + count;
        }
        while (bytes.hasRemaining()) {
            values[at++] = switch (type) {
                case F64 -> (float) bytes.getDouble();
                case BF16 -> Float.intBitsToFloat(bytes.getShort() << 16);
                default -> half(bytes.getShort());
            };
        }
        return at;
    }

    /** 1 sign, 5 exponent and 10 fraction bits. */
    static float half(short bits) {
        int sign = (bits & 0x8000) << 16;
        int exponent = bits >>> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        if (exponent == 0) {
            float magnitude = fraction * 0x1p-24f;
            return sign == 0 ? magnitude : -magnitude;
        }
        int wide = exponent == 0x1f ? 0xff : exponent + 112;
        return Float.intBitsToFloat(sign | wide << 23 | fraction << 13);
    }

    private static InputException failed(TensorEntry entry, IOException cause) {
        return new InputException(entry.file() + ": cannot be read: " + cause.getMessage(), cause);
    }
}
