package org.cpet.plugin.adapters.ternary;

import org.cpet.spi.InputException;

/**
 * Golomb–Rice code of the gaps between entries that are not 0. Of each entry: with g the zeros before it since the last one,
 * g &gt;&gt; b ones and a 0; the low b bits of g; its sign, 1 for +. High bits first, and the first bit of a byte is its
 * highest. For a share k of entries b = max(0, 1 + ⌊log₂(ln(φ − 1) / ln(1 − k))⌋), φ the golden ratio; the expected length
 * is k (b + 1 / (1 − (1 − k)^(2^b)) + 1) bits an entry.
 *
 * @param b bits of the remainder
 */
public record GolombCode(int b) {
    private static final double GOLDEN = (1 + Math.sqrt(5)) / 2;

    /** Widest remainder: gaps of a share of 1e-9 need no more. */
    public static final int LARGEST = 40;

    public GolombCode {
        if (b < 0 || b > LARGEST) {
            throw new InputException("golomb_parameter; found " + b + "; allowed 0 to " + LARGEST);
        }
    }

    /** The code for a share of entries. */
    public static GolombCode of(double share) {
        if (share <= 0 || share >= 1) {
            return new GolombCode(share <= 0 ? LARGEST : 0);
        }
        double ratio = Math.log(GOLDEN - 1) / Math.log1p(-share);
        return new GolombCode((int) Math.min(LARGEST, Math.max(0, 1 + Math.floor(Math.log(ratio) / Math.log(2)))));
    }

    /** Expected bits for each entry of a vector whose share k is not 0. */
    public double expectedBits(double share) {
        return share <= 0 ? 0 : share * (b + 1 / (1 - Math.pow(1 - share, Math.pow(2, b))) + 1);
    }

    /** Bits that a mask takes. */
    public long bits(TernaryMask mask) {
        long bits = 0;
        long last = -1;
        for (int i = 0; i < mask.groups(); i++) {
            for (long left = mask.kept(i); left != 0; left &= left - 1) {
                long index = 64L * i + Long.numberOfTrailingZeros(left);
                bits += ((index - last - 1) >>> b) + b + 2;
                last = index;
            }
        }
        return bits;
    }

    /** Writes a mask. */
    public void write(TernaryMask mask, BitWriter writer) {
        long last = -1;
        for (int i = 0; i < mask.groups(); i++) {
            long positive = mask.positive(i);
            for (long left = mask.kept(i); left != 0; left &= left - 1) {
                int bit = Long.numberOfTrailingZeros(left);
                long gap = 64L * i + bit - last - 1;
                writer.unary(gap >>> b);
                writer.bits(gap, b);
                writer.bits(positive >>> bit, 1);
                last = 64L * i + bit;
            }
        }
    }

    /**
     * Reads a mask.
     *
     * @throws InputException when the stream ends too early or an entry lies beyond the end
     */
    public TernaryMask read(long length, long count, BitReader reader) {
        TernaryMask mask = TernaryMask.zeros(length);
        long index = -1;
        for (long i = 0; i < count; i++) {
            long quotient = reader.unary();
            long gap = (quotient << b) | reader.bits(b);
            index += gap + 1;
            if (index >= length || index < 0 || quotient > length) {
                throw new InputException(
                        "entry " + i + " of " + count + " lies beyond the " + length + " of the vector");
            }
            mask.set(index, reader.bits(1) == 1);
        }
        return mask;
    }
}
