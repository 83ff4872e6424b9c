package org.cpet.runtime.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The batches of every epoch as a pure function of (seed, epoch): rows are shuffled, cut into chunks of some batches,
 * sorted by length inside a chunk so that a batch needs little padding, and the batches are shuffled again. Lengths count
 * in steps of 16 tokens there: an exact order would put rows of one kind, which are of one length, into one batch, and
 * gradients that swing from kind to kind learn worse than the padding saves. Nothing of this is state, so nothing of it is
 * ever saved.
 */
public final class BatchPlan {
    private static final int BATCHES_IN_CHUNK = 32;
    private static final int LENGTH_STEP = 16;
    private static final long ROWS = 1;
    private static final long BATCHES = 2;

    private final int[] lengths;
    private final int batchSize;
    private final long seed;

    /**
     * A plan over rows 0..n−1.
     *
     * @param lengths tokens of each row
     */
    public BatchPlan(int[] lengths, int batchSize, long seed) {
        this.lengths = lengths.clone();
        this.batchSize = batchSize;
        this.seed = seed;
    }

    /** Batches in every epoch. */
    public int batches() {
        return (lengths.length + batchSize - 1) / batchSize;
    }

    /** The batches of an epoch, each a list of rows; every row is in exactly one. */
    public List<List<Integer>> epoch(long epoch) {
        int[] order = KeyedPermutation.of(lengths.length, seed, epoch, ROWS);
        int chunk = batchSize * BATCHES_IN_CHUNK;
        List<List<Integer>> sorted = new ArrayList<>(batches());
        for (int from = 0; from < order.length; from += chunk) {
            int[] rows = Arrays.copyOfRange(order, from, Math.min(order.length, from + chunk));
            sorted.addAll(byLength(rows, LENGTH_STEP));
        }
        return IntStream.of(KeyedPermutation.of(sorted.size(), seed, epoch, BATCHES))
                .mapToObj(sorted::get)
                .toList();
    }

    /** Padding's share of all input positions of an epoch: 0 where every batch holds rows of one length. */
    public double padding(long epoch) {
        long real = IntStream.of(lengths).asLongStream().sum();
        long computed = epoch(epoch).stream()
                .mapToLong(batch -> (long) batch.size()
                        * batch.stream().mapToInt(row -> lengths[row]).max().orElse(0))
                .sum();
        return computed == 0 ? 0 : 1 - (double) real / computed;
    }

    /** All rows once, the longest first: the order of an evaluation, whose largest batch fails at once if it must. */
    public List<List<Integer>> evaluation() {
        List<List<Integer>> batches =
                new ArrayList<>(byLength(IntStream.range(0, lengths.length).toArray(), 1));
        Collections.reverse(batches);
        return List.copyOf(batches);
    }

    private List<List<Integer>> byLength(int[] rows, int step) {
        // the sort is stable, so rows of one length stay in the order given
        List<Integer> sorted = IntStream.of(rows)
                .boxed()
                .sorted(Comparator.comparingInt(row -> (lengths[row] + step - 1) / step))
                .toList();
        List<List<Integer>> batches = new ArrayList<>();
        for (int from = 0; from < sorted.size(); from += batchSize) {
            batches.add(List.copyOf(sorted.subList(from, Math.min(sorted.size(), from + batchSize))));
        }
        return batches;
    }
}
