package org.cpet.plugin.pruning;

import java.util.Arrays;

/**
 * Which weights stay: the largest |w|, among equal ones those that come first. {@link
 * MagnitudeThreshold} finds where they begin.
 */
final class MagnitudeMask {
    private static final int INFINITY = 0x7f800000;

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
        if (removed > 0) {
            MagnitudeThreshold.of(visitor -> visitor.accept(weights), removed).mark(weights, kept);
        }
        return kept;
    }

    /** Removes the {@code removed} smallest of every row of [.., columns]. */
    static boolean[] rows(float[] weights, int columns, int removed) {
        boolean[] kept = new boolean[weights.length];
        Arrays.fill(kept, true);
        boolean[] ofRow = new boolean[columns];
        for (int row = 0; removed > 0 && row < weights.length; row += columns) {
            float[] values = Arrays.copyOfRange(weights, row, row + columns);
            MagnitudeThreshold.ofRow(values, removed).mark(values, ofRow);
            System.arraycopy(ofRow, 0, kept, row, columns);
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

    private static int magnitude(float weight) {
        return MagnitudeThreshold.magnitude(weight);
    }
}
