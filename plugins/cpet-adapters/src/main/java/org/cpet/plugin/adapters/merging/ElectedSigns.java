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
    /** As a mask's: which entries have a sign, which of these +, in turns. */
    private final long[] elected;
    /** Entries whose sum is 0 although some are not; no words where there are none. */
    private long[] undecided = {};

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
        long[][] words = masks.stream().map(TernaryMask::words).toArray(long[][]::new);
        this.elected = new long[words[0].length];
        for (long[] each : words) {
            join(elected, each);
        }
        for (int i = 0; i < elected.length; i += 2) {
            long disputed = elected[i] & elected[i + 1];
            elected[i] |= elected[i + 1];
            for (; disputed != 0; disputed &= disputed - 1) {
                decide(words, i, Long.lowestOneBit(disputed));
            }
            balance += 2L * Long.bitCount(elected[i + 1]) - Long.bitCount(elected[i]);
        }
    }

    /** Adds a mask's −1 to the words at even places and its +1 to those at odd ones. */
    private static void join(long[] signs, long[] words) {
        int i = 0;
        for (; i + 4 <= words.length; i += 4) {
            signs[i] |= words[i] ^ words[i + 1];
            signs[i + 1] |= words[i + 1];
            signs[i + 2] |= words[i + 2] ^ words[i + 3];
            signs[i + 3] |= words[i + 3];
        }
        for (; i < words.length; i += 2) {
            signs[i] |= words[i] ^ words[i + 1];
            signs[i + 1] |= words[i + 1];
        }
    }

    private void decide(long[][] words, int at, long bit) {
        double sum = 0;
        for (int k = 0; k < scales.length; k++) {
            sum += (words[k][at + 1] & bit) != 0 ? scales[k] : (words[k][at] & bit) != 0 ? -scales[k] : 0;
        }
        if (sum <= 0) {
            elected[at + 1] &= ~bit;
        }
        if (sum == 0) {
            elected[at] &= ~bit;
            if (undecided.length == 0) {
                undecided = new long[elected.length / 2];
            }
            undecided[at / 2] |= bit;
        }
    }

    /** Σ of the elected signs. */
    public long balance() {
        return balance;
    }

    /** Gives the undecided entries a sign; with 0 they stay 0. */
    public void settle(int sign) {
        for (int i = 0; sign != 0 && i < undecided.length; i++) {
            elected[2 * i] |= undecided[i];
            elected[2 * i + 1] |= sign > 0 ? undecided[i] : 0;
        }
    }

    /** Writes the mean of the agreeing scales, times {@code factor} and signed, of the entries from {@code begin} on. */
    void fill(float[] target, long begin, double factor) {
        double[] sums = new double[target.length];
        int[] counts = new int[target.length];
        float[] signs = new float[target.length];
        TernaryMask.of(masks.get(0).length(), elected).fill(signs, begin, 1);
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
