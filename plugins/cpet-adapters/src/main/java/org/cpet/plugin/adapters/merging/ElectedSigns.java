package org.cpet.plugin.adapters.merging;

import java.util.Arrays;
import java.util.List;
import org.cpet.plugin.adapters.ternary.TernaryMask;

/**
 * The signs that ternary vectors elect, 64 entries at a time. Where all that are not 0 have one sign that sign stands; only
 * where they differ are scales summed, entry by entry.
 */
public final class ElectedSigns {
    private final List<TernaryMask> masks;
    private final float[] scales;
    private final long[] positive;
    private final long[] negative;
    /** Entries whose sum is 0 although some are not. */
    private final long[] undecided;

    private long balance;

    /**
     * Elects.
     *
     * @param masks of one length
     * @param scales what an entry of each stands for
     */
    public ElectedSigns(List<TernaryMask> masks, float[] scales) {
        this.masks = List.copyOf(masks);
        this.scales = scales.clone();
        int words = masks.get(0).positive().length;
        this.positive = new long[words];
        this.negative = new long[words];
        this.undecided = new long[words];
        for (TernaryMask mask : masks) {
            join(positive, mask.positive());
            join(negative, mask.negative());
        }
        for (int i = 0; i < words; i++) {
            long disputed = positive[i] & negative[i];
            for (; disputed != 0; disputed &= disputed - 1) {
                decide(i, Long.lowestOneBit(disputed));
            }
            balance += Long.bitCount(positive[i]) - Long.bitCount(negative[i]);
        }
    }

    private static void join(long[] all, long[] more) {
        for (int i = 0; i < all.length; i++) {
            all[i] |= more[i];
        }
    }

    private void decide(int word, long bit) {
        double sum = 0;
        for (int k = 0; k < scales.length; k++) {
            TernaryMask mask = masks.get(k);
            sum += (mask.positive()[word] & bit) != 0 ? scales[k] : (mask.negative()[word] & bit) != 0 ? -scales[k] : 0;
        }
        if (sum <= 0) {
            positive[word] &= ~bit;
        }
        if (sum >= 0) {
            negative[word] &= ~bit;
        }
        if (sum == 0) {
            undecided[word] |= bit;
        }
    }

    /** Σ of the elected signs. */
    public long balance() {
        return balance;
    }

    /** Gives the undecided entries a sign; with 0 they stay 0. */
    public void settle(int sign) {
        if (sign != 0) {
            join(sign > 0 ? positive : negative, undecided);
        }
    }

    /** Writes the mean of the agreeing scales, times {@code factor} and signed, of the entries from {@code begin} on. */
    void fill(float[] target, long begin, double factor) {
        double[] sums = new double[target.length];
        int[] counts = new int[target.length];
        float[] signs = new float[target.length];
        TernaryMask elected = TernaryMask.of(masks.get(0).length(), positive, negative);
        elected.fill(signs, begin, 1);
        float[] each = new float[target.length];
        for (int k = 0; k < scales.length; k++) {
            Arrays.fill(each, 0);
            masks.get(k).fill(each, begin, 1);
            for (int j = 0; j < target.length; j++) {
                if (each[j] * signs[j] > 0) {
                    sums[j] += scales[k];
                    counts[j]++;
                }
            }
        }
        for (int j = 0; j < target.length; j++) {
            target[j] = counts[j] == 0 ? 0 : (float) (factor * signs[j] * sums[j] / counts[j]);
        }
    }
}
