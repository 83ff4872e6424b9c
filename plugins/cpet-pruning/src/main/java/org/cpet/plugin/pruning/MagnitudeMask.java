package org.cpet.plugin.pruning;

import java.util.Arrays;

/**
 * Which weights stay: the largest |w|, among equal ones those that come first. Works on the bits of |w|, whose order as
 * integers is the order of the magnitudes; counting them beats sorting and needs no boxes.
 */
final class MagnitudeMask {
    private static final int MAGNITUDE = 0x7fffffff;
    private static final int INFINITY = 0x7f800000;
    private static final int LOW_BITS = 15;
    private static final int LOW = (1 << LOW_BITS) - 1;

    private MagnitudeMask() {}

    /** Whether every weight is a finite number; the other methods assume it. */
    static boolean finite(float[] weights) {
        for (float weight : weights) {
            if (magnitude(weight) >= INFINITY) {
                return false;
            }
        }
        return true;
    }

    /** Removes the {@code removed} smallest of all weights. */
    static boolean[] smallest(float[] weights, int removed) {
        boolean[] kept = new boolean[weights.length];
        Arrays.fill(kept, true);
        if (removed == 0) {
            return kept;
        }
        Threshold threshold = threshold(weights, removed);
        int equals = threshold.equalsRemoved;
        for (int i = weights.length - 1; i >= 0; i--) {
            int magnitude = magnitude(weights[i]);
            if (magnitude < threshold.magnitude) {
                kept[i] = false;
            } else if (magnitude == threshold.magnitude && equals > 0) {
                kept[i] = false;
                equals--;
            }
        }
        return kept;
    }

    /**
     * Keeps the largest of every group in each row of [.., columns]. A short group at the end of a row counts as filled up
     * with zeros, which come last and so never displace a weight.
     */
    static boolean[] groups(float[] weights, int columns, GroupPattern pattern) {
        boolean[] kept = new boolean[weights.length];
        for (int row = 0; row < weights.length; row += columns) {
            for (int start = row; start < row + columns; start += pattern.size()) {
                int end = Math.min(start + pattern.size(), row + columns);
                for (int i = start; i < end; i++) {
                    kept[i] = rank(weights, start, end, i) < pattern.kept();
                }
            }
        }
        return kept;
    }

    /** How many weights of a group come before weight i. */
    private static int rank(float[] weights, int start, int end, int i) {
        int own = magnitude(weights[i]);
        int before = 0;
        for (int j = start; j < end; j++) {
            int other = magnitude(weights[j]);
            if (other > own || (other == own && j < i)) {
                before++;
            }
        }
        return before;
    }

    /** The removed-th smallest magnitude, found by counting the upper bits, then the lower bits under that prefix. */
    private static Threshold threshold(float[] weights, int removed) {
        int[] upper = new int[1 << (Integer.SIZE - LOW_BITS - 1)];
        for (float weight : weights) {
            upper[magnitude(weight) >>> LOW_BITS]++;
        }
        Rank prefix = find(upper, removed);
        int[] lower = new int[1 << LOW_BITS];
        for (float weight : weights) {
            int magnitude = magnitude(weight);
            if (magnitude >>> LOW_BITS == prefix.bucket) {
                lower[magnitude & LOW]++;
            }
        }
        Rank rest = find(lower, prefix.left);
        return new Threshold(prefix.bucket << LOW_BITS | rest.bucket, rest.left);
    }

    /** The bucket that holds the n-th item, and which item of the bucket that is, from 1. */
    private static Rank find(int[] counts, int n) {
        int left = n;
        int bucket = 0;
        while (counts[bucket] < left) {
            left -= counts[bucket];
            bucket++;
        }
        return new Rank(bucket, left);
    }

    private static int magnitude(float weight) {
        return Float.floatToRawIntBits(weight) & MAGNITUDE;
    }

    private record Rank(int bucket, int left) {}

    /** All magnitudes below are removed, and so many of those equal to it. */
    private record Threshold(int magnitude, int equalsRemoved) {}
}
