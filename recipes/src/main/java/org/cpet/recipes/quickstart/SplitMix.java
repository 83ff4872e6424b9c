package org.cpet.recipes.quickstart;

/** SplitMix64 written out, so that a seed gives the same world on every JDK. */
final class SplitMix {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private long state;

    /** A generator of its own for every combination of keys. */
    SplitMix(long... keys) {
        for (long key : keys) {
            state = mix(state + GOLDEN_GAMMA) ^ key;
        }
        state = mix(state);
    }

    /** A number from 0 to {@code bound} − 1. */
    int below(int bound) {
        // the high half of a product: biased by less than bound / 2^32, the same everywhere
        return (int) (((next() >>> 32) * bound) >>> 32);
    }

    /** Fisher-Yates, in place. */
    void shuffle(int[] values) {
        for (int i = values.length - 1; i > 0; i--) {
            int j = below(i + 1);
            int value = values[i];
            values[i] = values[j];
            values[j] = value;
        }
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
