package org.cpet.plugin.adapters.ternary;

import java.util.List;

/**
 * γ = sign(τ) where |τ| is among the largest, else 0. The bits of a non-negative float32 order as the numbers do, so two
 * counts over halves of the bits find the exact threshold; among equals the lowest index stays. A 0 that would stay has no
 * sign and is left out.
 */
public final class LargestMagnitudes {
    private static final int HALF = 1 << 16;
    private static final int MAGNITUDE = 0x7fffffff;

    private final List<float[]> values;
    private final int threshold;
    private long ties;

    private LargestMagnitudes(List<float[]> values, long keep) {
        this.values = values;
        long[] upper = new long[HALF >>> 1];
        values.forEach(array -> {
            for (float value : array) {
                upper[magnitude(value) >>> 16]++;
            }
        });
        long left = keep;
        int bin = upper.length - 1;
        while (bin > 0 && upper[bin] < left) {
            left -= upper[bin--];
        }
        int high = bin;
        long[] lower = new long[HALF];
        values.forEach(array -> {
            for (float value : array) {
                if (magnitude(value) >>> 16 == high) {
                    lower[magnitude(value) & (HALF - 1)]++;
                }
            }
        });
        int low = HALF - 1;
        while (low > 0 && lower[low] < left) {
            left -= lower[low--];
        }
        this.threshold = (high << 16) | low;
        this.ties = left;
    }

    /**
     * Marks {@code keep} entries of the arrays put one after the other.
     *
     * @param values finite
     * @param keep at most the number of all entries
     */
    public static TernaryMask mark(List<float[]> values, long keep) {
        long length = values.stream().mapToLong(array -> array.length).sum();
        TernaryMask mask = TernaryMask.zeros(length);
        if (keep > 0) {
            new LargestMagnitudes(values, keep).mark(mask);
        }
        return mask;
    }

    private void mark(TernaryMask mask) {
        long index = 0;
        for (float[] array : values) {
            for (float value : array) {
                int magnitude = magnitude(value);
                if (magnitude != 0 && (magnitude > threshold || (magnitude == threshold && ties-- > 0))) {
                    mask.set(index, value > 0);
                }
                index++;
            }
        }
    }

    private static int magnitude(float value) {
        return Float.floatToRawIntBits(value) & MAGNITUDE;
    }
}
