package org.cpet.plugin.pruning;

import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Where the smallest of some scores end, which may lie in several arrays. Works on the bits of |score|, whose order as
 * integers is the order of the magnitudes: counting them beats sorting, needs no boxes, and no array but one at a time.
 *
 * @param magnitude all magnitudes below are removed
 * @param equalsRemoved and so many of those equal to it, the last ones first
 */
record MagnitudeThreshold(int magnitude, long equalsRemoved) {
    private static final int MAGNITUDE = 0x7fffffff;
    private static final int LOW_BITS = 15;
    private static final int LOW = (1 << LOW_BITS) - 1;

    /** Shows each array to a visitor, the same ones each time. */
    @FunctionalInterface
    interface Scores {
        void forEach(Consumer<float[]> visitor);
    }

    /** The threshold below which {@code removed} of all scores lie, at least one. */
    static MagnitudeThreshold of(Scores scores, long removed) {
        long[] upper = new long[1 << (Integer.SIZE - LOW_BITS - 1)];
        scores.forEach(array -> {
            for (float score : array) {
                upper[magnitude(score) >>> LOW_BITS]++;
            }
        });
        Rank prefix = find(upper, removed);
        long[] lower = new long[1 << LOW_BITS];
        scores.forEach(array -> {
            for (float score : array) {
                int magnitude = magnitude(score);
                if (magnitude >>> LOW_BITS == prefix.bucket) {
                    lower[magnitude & LOW]++;
                }
            }
        });
        Rank rest = find(lower, prefix.left);
        return new MagnitudeThreshold(prefix.bucket << LOW_BITS | rest.bucket, rest.left);
    }

    /** The same for one short array, by sorting. */
    static MagnitudeThreshold ofRow(float[] scores, int removed) {
        int[] sorted = new int[scores.length];
        Arrays.setAll(sorted, i -> magnitude(scores[i]));
        Arrays.sort(sorted);
        int threshold = sorted[removed - 1];
        int below = 0;
        while (sorted[below] < threshold) {
            below++;
        }
        return new MagnitudeThreshold(threshold, removed - below);
    }

    /** The order of |score| as an integer. */
    static int magnitude(float score) {
        return Float.floatToRawIntBits(score) & MAGNITUDE;
    }

    /**
     * Marks what stays in one array.
     *
     * @return the threshold for the arrays before this one
     */
    MagnitudeThreshold mark(float[] scores, boolean[] kept) {
        long equals = equalsRemoved;
        for (int i = scores.length - 1; i >= 0; i--) {
            int found = magnitude(scores[i]);
            kept[i] = found > magnitude || (found == magnitude && equals-- <= 0);
        }
        return new MagnitudeThreshold(magnitude, Math.max(0, equals));
    }

    /** The bucket that holds the n-th item, and which item of the bucket that is, from 1. */
    private static Rank find(long[] counts, long n) {
        long left = n;
        int bucket = 0;
        while (counts[bucket] < left) {
            left -= counts[bucket];
            bucket++;
        }
        return new Rank(bucket, left);
    }

    private record Rank(int bucket, long left) {}
}
