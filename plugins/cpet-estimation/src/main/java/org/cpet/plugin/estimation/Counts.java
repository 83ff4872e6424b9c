package org.cpet.plugin.estimation;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Exact counts, and who is counted in: the highest scores, of equal ones the first. */
final class Counts {
    private Counts() {}

    /**
     * How many of n different scores lie strictly above the share-quantile with linear interpolation, which is the
     * published rule: n − 1 − ⌊(n − 1) share⌋, at least 1; all of them where nothing is to go. Equal scores do not change
     * the count.
     */
    static int kept(int n, double share) {
        // in binary arithmetic, where 3 · (1/3) is 1
        return share == 0 ? n : Math.max(1, n - 1 - (int) Math.floor((n - 1) * share));
    }

    /** Ascending indices of the {@code count} highest scores. */
    static int[] highest(double[] scores, int count) {
        return inOrder(scores).limit(count).sorted().toArray();
    }

    /** Indices from the highest score to the lowest; a score that is not a number counts as 0. */
    static IntStream inOrder(double[] scores) {
        return IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -finite(scores[i])))
                .mapToInt(Integer::intValue);
    }

    /** Mean of each block of equal size. */
    static double[] blockMeans(double[] scores, int blocks) {
        int size = scores.length / blocks;
        return IntStream.range(0, blocks)
                .mapToDouble(block -> Arrays.stream(scores, block * size, (block + 1) * size)
                        .average()
                        .orElseThrow())
                .toArray();
    }

    private static double finite(double score) {
        return Double.isFinite(score) ? score : 0;
    }
}
