package org.cpet.plugin.adapters.ternary;

import java.util.Arrays;
import org.cpet.spi.InputException;

/**
 * γ ∈ {−1, 0, +1}^d as two bit masks (ComPEFT, section 2): K says which entries are not 0, P which are +1; N = K ∧ ¬P are
 * the −1. Products and distances take a few operations for 64 entries:
 *
 * <pre>
 * a·b       = |Ka∧Kb| − 2 |Ka∧Kb∧(Pa⊕Pb)|
 * ‖a − b‖₁  = |Pa⊕Pb| + |Na⊕Nb|
 * </pre>
 *
 * The words of the two masks lie in turns in one array, so that what is counted together is read together. Immutable by
 * agreement once it is made: the words are shared, whoever reads them leaves them as they are.
 */
public final class TernaryMask {
    private final long length;
    /** K of 64 entries, P of the same, K of the next, ... */
    private final long[] words;

    private TernaryMask(long length, long[] words) {
        this.length = length;
        this.words = words;
    }

    /** All 0. */
    static TernaryMask zeros(long length) {
        return new TernaryMask(length, new long[2 * groups(length)]);
    }

    /** While it is made: says that an entry is +1 or −1. */
    void set(long index, boolean positive) {
        int group = (int) (index >>> 6);
        words[2 * group] |= 1L << (index & 63);
        words[2 * group + 1] |= (positive ? 1L : 0L) << (index & 63);
    }

    /** Groups of 64 that hold {@code length} entries. */
    private static int groups(long length) {
        return Math.toIntExact((length + 63) >>> 6);
    }

    /** Of the words of K and P in turns, with no bit beyond {@code length} and none of P that K lacks. */
    public static TernaryMask of(long length, long[] words) {
        return new TernaryMask(length, words);
    }

    /**
     * Of two bit sets, lowest bit first.
     *
     * @throws InputException when they have another length, a bit beyond the end, or a bit in both
     */
    public static TernaryMask of(long length, byte[] positive, byte[] negative) {
        long[] plus = BitSets.words("positive", length, positive);
        long[] minus = BitSets.words("negative", length, negative);
        TernaryMask mask = zeros(length);
        for (int i = 0; i < plus.length; i++) {
            long both = plus[i] & minus[i];
            if (both != 0) {
                throw new InputException("entry " + (64L * i + Long.numberOfTrailingZeros(both))
                        + " is both positive and negative; allowed one of the two");
            }
            mask.words[2 * i] = plus[i] | minus[i];
            mask.words[2 * i + 1] = plus[i];
        }
        return mask;
    }

    /** d. */
    public long length() {
        return length;
    }

    /** The words of K and P in turns. */
    public long[] words() {
        return words;
    }

    /** Groups of 64 entries. */
    public int groups() {
        return words.length / 2;
    }

    /** Which entries of a group are not 0. */
    public long kept(int group) {
        return words[2 * group];
    }

    /** Which entries of a group are +1. */
    public long positive(int group) {
        return words[2 * group + 1];
    }

    /** Which entries of a group are −1. */
    public long negative(int group) {
        return words[2 * group] & ~words[2 * group + 1];
    }

    /** Entries that are not 0. */
    public long count() {
        long count = 0;
        for (int i = 0; i < words.length; i += 2) {
            count += Long.bitCount(words[i]);
        }
        return count;
    }

    /** Σ aᵢ bᵢ. Four groups at a time: half as many branches and sums as the compiler makes of one. */
    public long dot(TernaryMask other) {
        long[] a = words;
        long[] b = other.words;
        long both = 0;
        long opposite = 0;
        int i = 0;
        for (; i + 8 <= a.length; i += 8) {
            long first = a[i] & b[i];
            long second = a[i + 2] & b[i + 2];
            long third = a[i + 4] & b[i + 4];
            long fourth = a[i + 6] & b[i + 6];
            both += Long.bitCount(first) + Long.bitCount(second) + Long.bitCount(third) + Long.bitCount(fourth);
            opposite += Long.bitCount(first & (a[i + 1] ^ b[i + 1]))
                    + Long.bitCount(second & (a[i + 3] ^ b[i + 3]))
                    + Long.bitCount(third & (a[i + 5] ^ b[i + 5]))
                    + Long.bitCount(fourth & (a[i + 7] ^ b[i + 7]));
        }
        for (; i < a.length; i += 2) {
            both += Long.bitCount(a[i] & b[i]);
            opposite += Long.bitCount(a[i] & b[i] & (a[i + 1] ^ b[i + 1]));
        }
        return both - 2 * opposite;
    }

    /** Σ |aᵢ − bᵢ|, which is also the Hamming distance of the two pairs of bit sets. */
    public long distance(TernaryMask other) {
        long distance = 0;
        for (int i = 0; i < groups(); i++) {
            distance += Long.bitCount(positive(i) ^ other.positive(i)) + Long.bitCount(negative(i) ^ other.negative(i));
        }
        return distance;
    }

    /** The entries from {@code begin} on, as a vector of their own. */
    public TernaryMask cut(long begin, long count) {
        TernaryMask cut = zeros(count);
        int from = 2 * Math.toIntExact(begin >>> 6);
        int shift = (int) (begin & 63);
        for (int i = 0; i < cut.words.length; i++) {
            int at = from + i;
            long high = shift == 0 || at + 2 >= words.length ? 0 : words[at + 2] << (64 - shift);
            cut.words[i] = (words[at] >>> shift) | high;
        }
        if ((count & 63) != 0) {
            long inside = (1L << (count & 63)) - 1;
            cut.words[cut.words.length - 2] &= inside;
            cut.words[cut.words.length - 1] &= inside;
        }
        return cut;
    }

    /** Writes ±scale where entries from {@code begin} on are not 0; leaves the rest as it is. */
    public void fill(float[] target, long begin, float scale) {
        long end = begin + target.length;
        for (long group = begin >>> 6; (group << 6) < end; group++) {
            long first = group << 6;
            long bits = kept((int) group);
            long positive = positive((int) group);
            if (first < begin) {
                bits &= -1L << (begin - first);
            }
            if (end - first < 64) {
                bits &= (1L << (end - first)) - 1;
            }
            for (; bits != 0; bits &= bits - 1) {
                int bit = Long.numberOfTrailingZeros(bits);
                target[(int) (first - begin) + bit] = ((positive >>> bit) & 1) == 0 ? -scale : scale;
            }
        }
    }

    /** The bit set of +1, lowest bit first. */
    public byte[] positiveBytes() {
        return BitSets.bytes(length, groups(), this::positive);
    }

    /** The bit set of −1, lowest bit first. */
    public byte[] negativeBytes() {
        return BitSets.bytes(length, groups(), this::negative);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TernaryMask mask && mask.length == length && Arrays.equals(mask.words, words);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(words);
    }
}
