package org.cpet.runtime.data;

/**
 * A shuffle of 0..n−1 that depends on its keys alone: Fisher-Yates driven by SplitMix64, written out here so that every
 * JDK draws the same numbers.
 */
public final class KeyedPermutation {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private long state;

    private KeyedPermutation(long... keys) {
        for (long key : keys) {
            state = mix(state + GOLDEN_GAMMA) ^ key;
        }
        state = mix(state);
    }

    /** The numbers below {@code n} in an order that follows from the keys. */
    public static int[] of(int n, long... keys) {
        KeyedPermutation random = new KeyedPermutation(keys);
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            int j = random.below(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    private int below(int bound) {
        // the high half of a product: biased by less than bound / 2^32, the same everywhere
        return (int) (((next() >>> 32) * bound) >>> 32);
    }

    private long next() {
        state += GOLDEN_GAMMA;
        return mix(state);
    }

    private static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
