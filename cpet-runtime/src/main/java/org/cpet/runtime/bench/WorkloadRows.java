package org.cpet.runtime.bench;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.cpet.runtime.train.MicroBatch;
import org.cpet.runtime.train.TrainingRows;
import org.cpet.spi.model.TokenBatch;

/** Random rows of one length, cut into a few batches that are used in turn. */
final class WorkloadRows implements TrainingRows {
    private final Workload shape;
    private final int batches;
    private final NDManager manager;
    private final List<long[]> inputs = new ArrayList<>();
    private final List<long[]> labels = new ArrayList<>();

    WorkloadRows(Workload shape, int batches, long seed, NDManager manager) {
        this.shape = shape;
        this.batches = batches;
        this.manager = manager;
        SplittableRandom random = new SplittableRandom(seed);
        for (int row = 0; row < size(); row++) {
            long[] ids = random.longs(shape.seq(), 1, shape.vocab()).toArray();
            inputs.add(ids);
            labels.add(labels(ids, random));
        }
    }

    private long[] labels(long[] ids, SplittableRandom random) {
        return switch (shape.family()) {
            case "bert" -> new long[] {random.nextInt(shape.labels())};
            case "t5" -> random.longs(shape.decSeq(), 1, shape.vocab()).toArray();
            default -> ids;
        };
    }

    @Override
    public int size() {
        return batches * shape.batch();
    }

    @Override
    public int microBatches() {
        return batches;
    }

    @Override
    public List<Integer> rows(long epoch, int microBatch) {
        return IntStream.range(microBatch * shape.batch(), (microBatch + 1) * shape.batch())
                .boxed()
                .toList();
    }

    @Override
    public long counted(List<Integer> rows) {
        return (long) rows.size() * labels.get(0).length;
    }

    @Override
    public long tokens(List<Integer> rows) {
        return (long) rows.size() * shape.seq();
    }

    @Override
    public int inputLength(int row) {
        return shape.seq();
    }

    @Override
    public int targetLength(int row) {
        return shape.decSeq();
    }

    @Override
    public MicroBatch collate(List<Integer> rows) {
        TokenBatch batch = TokenBatch.of(
                manager.create(joined(inputs, rows), new Shape(rows.size(), shape.seq())),
                manager.create(
                        LongStream.generate(() -> 1)
                                .limit((long) rows.size() * shape.seq())
                                .toArray(),
                        new Shape(rows.size(), shape.seq())));
        long[] targets = joined(labels, rows);
        Shape form = shape.family().equals("bert")
                ? new Shape(rows.size())
                : new Shape(rows.size(), targets.length / rows.size());
        return new MicroBatch(rows, batch.withLabels(manager.create(targets, form)));
    }

    private static long[] joined(List<long[]> parts, List<Integer> rows) {
        return rows.stream().flatMapToLong(row -> LongStream.of(parts.get(row))).toArray();
    }
}
