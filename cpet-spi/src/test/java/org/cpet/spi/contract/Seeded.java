package org.cpet.spi.contract;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.LongConsumer;
import java.util.random.RandomGenerator;

/** Runs a randomised test for a few seeds, or for the one that {@code -Dcpet.seed} names. */
public final class Seeded {
    private static final long[] SEEDS = {1, 2, 3};

    private Seeded() {}

    /** Runs {@code body} for each seed; a failure says how to run that seed alone. */
    public static void run(LongConsumer body) {
        Long given = Long.getLong("cpet.seed");
        Arrays.stream(given == null ? SEEDS : new long[] {given}).forEach(seed -> {
            try {
                body.accept(seed);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("failed with -Dcpet.seed=" + seed + ": " + e.getMessage(), e);
            }
        });
    }

    /** A generator that depends on the seed and the name alone, as {@code PluginContext.random} promises. */
    public static RandomGenerator random(long seed, String name) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < name.length(); i++) {
            hash = (hash ^ name.charAt(i)) * 0x100000001b3L;
        }
        return new SplittableRandom(seed * 0x9e3779b97f4a7c15L ^ hash);
    }
}
