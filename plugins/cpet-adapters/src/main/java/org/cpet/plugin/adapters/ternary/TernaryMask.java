package org.cpet.plugin.adapters.ternary;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.cpet.spi.InputException;

/**
 * γ ∈ {−1, 0, +1}^d as two bit masks (ComPEFT, section 2): bit i of {@code positive} says γᵢ = +1, bit i of {@code negative}
 * γᵢ = −1. Products and distances take a few operations for 64 entries:
 *
 * <pre>
 * a·b       = |Pa∧Pb| + |Na∧Nb| − |Pa∧Nb| − |Na∧Pb|
 * ‖a − b‖₁  = |Pa⊕Pb| + |Na⊕Nb|
 * </pre>
 *
 * Immutable by agreement: the words are shared, whoever reads them leaves them as they are.
 */
public final class TernaryMask {
    private final long length;
    private final long[] positive;
    private final long[] negative;

    TernaryMask(long length, long[] positive, long[] negative) {
        this.length = length;
        this.positive = positive;
        this.negative = negative;
    }

    /** Words that hold {@code length} bits. */
    public static int words(long length) {
        return Math.toIntExact((length + 63) >>> 6);
    }

    /** Of words that hold no bit beyond {@code length} and none in both. */
    public static TernaryMask of(long length, long[] positive, long[] negative) {
        return new TernaryMask(length, positive, negative);
    }

    /**
     * Of two bit sets, lowest bit first.
     *
     * @throws InputException when they have another length, a bit beyond the end, or a bit in both
     */
    public static TernaryMask of(long length, byte[] positive, byte[] negative) {
        TernaryMask mask =
                new TernaryMask(length, words("positive", length, positive), words("negative", length, negative));
        for (int i = 0; i < mask.positive.length; i++) {
            long both = mask.positive[i] & mask.negative[i];
            if (both != 0) {
                throw new InputException("entry " + (64L * i + Long.numberOfTrailingZeros(both))
                        + " is both positive and negative; allowed one of the two");
            }
        }
        return mask;
    }

    private static long[] words(String name, long length, byte[] bytes) {
        long expected = (length + 7) >>> 3;
        if (bytes.length != expected) {
            throw new InputException("bit set '" + name + "'; found " + bytes.length + " bytes; allowed " + expected
                    + " for " + length + " entries");
        }
        long[] words = new long[words(length)];
        ByteBuffer.wrap(Arrays.copyOf(bytes, words.length * Long.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asLongBuffer()
                .get(words);
        if ((length & 63) != 0 && words[words.length - 1] >>> (length & 63) != 0) {
            throw new InputException("bit set '" + name + "' has a bit beyond its " + length + " entries");
        }
        return words;
    }

    /** d. */
    public long length() {
        return length;
    }

    /** The words of +1. */
    public long[] positive() {
        return positive;
    }

    /** The words of −1. */
    public long[] negative() {
        return negative;
    }

    /** Entries that are not 0. */
    public long count() {
        long count = 0;
        for (int i = 0; i < positive.length; i++) {
            count += Long.bitCount(positive[i] | negative[i]);
        }
        return count;
    }

    /** Σ aᵢ bᵢ. */
    public long dot(TernaryMask other) {
        long dot = 0;
        for (int i = 0; i < positive.length; i++) {
            long same = (positive[i] & other.positive[i]) | (negative[i] & other.negative[i]);
            long opposite = (positive[i] & other.negative[i]) | (negative[i] & other.positive[i]);
            dot += Long.bitCount(same) - Long.bitCount(opposite);
        }
        return dot;
    }

    /** Σ |aᵢ − bᵢ|, which is also the Hamming distance of the two pairs of bit sets. */
    public long distance(TernaryMask other) {
        long distance = 0;
        for (int i = 0; i < positive.length; i++) {
            distance += Long.bitCount(positive[i] ^ other.positive[i]) + Long.bitCount(negative[i] ^ other.negative[i]);
        }
        return distance;
    }

    /** The entries from {@code begin} on, as a vector of their own. */
    public TernaryMask cut(long begin, long count) {
        return new TernaryMask(count, cut(positive, begin, count), cut(negative, begin, count));
    }

    private static long[] cut(long[] words, long begin, long count) {
        long[] cut = new long[words(count)];
        int first = Math.toIntExact(begin >>> 6);
        int shift = (int) (begin & 63);
        for (int i = 0; i < cut.length; i++) {
            long low = words[first + i] >>> shift;
            long high = shift == 0 || first + i + 1 >= words.length ? 0 : words[first + i + 1] << (64 - shift);
            cut[i] = low | high;
        }
        if ((count & 63) != 0) {
            cut[cut.length - 1] &= (1L << (count & 63)) - 1;
        }
        return cut;
    }

    /** Writes ±scale where entries from {@code begin} on are not 0; leaves the rest as it is. */
    public void fill(float[] target, long begin, float scale) {
        scatter(positive, target, begin, scale);
        scatter(negative, target, begin, -scale);
    }

    private static void scatter(long[] words, float[] target, long begin, float value) {
        long end = begin + target.length;
        for (long word = begin >>> 6; (word << 6) < end; word++) {
            long first = word << 6;
            long bits = words[(int) word];
            if (first < begin) {
                bits &= -1L << (begin - first);
            }
            if (end - first < 64) {
                bits &= (1L << (end - first)) - 1;
            }
            for (; bits != 0; bits &= bits - 1) {
                target[(int) (first - begin + Long.numberOfTrailingZeros(bits))] = value;
            }
        }
    }

    /** The bit set of +1, lowest bit first. */
    public byte[] positiveBytes() {
        return bytes(positive);
    }

    /** The bit set of −1, lowest bit first. */
    public byte[] negativeBytes() {
        return bytes(negative);
    }

    private byte[] bytes(long[] words) {
        ByteBuffer buffer = ByteBuffer.allocate(words.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        buffer.asLongBuffer().put(words);
        return Arrays.copyOf(buffer.array(), Math.toIntExact((length + 7) >>> 3));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TernaryMask mask
                && mask.length == length
                && Arrays.equals(mask.positive, positive)
                && Arrays.equals(mask.negative, negative);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(positive) + Arrays.hashCode(negative);
    }
}
