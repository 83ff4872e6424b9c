package org.cpet.plugin.adapters.ternary;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.IntToLongFunction;
import org.cpet.spi.InputException;

/** Bit sets as files hold them: the lowest bit of a byte first, as many bytes as their bits take. */
final class BitSets {
    private BitSets() {}

    /**
     * The words of a bit set.
     *
     * @throws InputException when it has another length or a bit beyond the end
     */
    static long[] words(String name, long length, byte[] bytes) {
        long expected = (length + 7) >>> 3;
        if (bytes.length != expected) {
            throw new InputException("bit set '" + name + "'; found " + bytes.length + " bytes; allowed " + expected
                    + " for " + length + " entries");
        }
        long[] words = new long[Math.toIntExact((length + 63) >>> 6)];
        ByteBuffer.wrap(Arrays.copyOf(bytes, words.length * Long.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asLongBuffer()
                .get(words);
        if ((length & 63) != 0 && words[words.length - 1] >>> (length & 63) != 0) {
            throw new InputException("bit set '" + name + "' has a bit beyond its " + length + " entries");
        }
        return words;
    }

    /** The bytes of a bit set. */
    static byte[] bytes(long length, int words, IntToLongFunction word) {
        ByteBuffer buffer = ByteBuffer.allocate(words * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < words; i++) {
            buffer.putLong(word.applyAsLong(i));
        }
        return Arrays.copyOf(buffer.array(), Math.toIntExact((length + 7) >>> 3));
    }
}
