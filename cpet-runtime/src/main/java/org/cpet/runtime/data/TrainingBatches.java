package org.cpet.runtime.data;

import java.util.List;
import org.cpet.runtime.train.MicroBatch;
import org.cpet.runtime.train.TrainingRows;
import org.cpet.spi.model.TokenBatch;

/** Encoded training rows in the order of a {@link BatchPlan}. */
public final class TrainingBatches implements TrainingRows {
    private final List<EncodedRow> rows;
    private final BatchPlan plan;
    private final Collator collator;
    private long plannedEpoch = -1;
    private List<List<Integer>> planned = List.of();

    public TrainingBatches(List<EncodedRow> rows, int batchSize, long seed, Collator collator) {
        this.rows = List.copyOf(rows);
        this.plan = new BatchPlan(rows.stream().mapToInt(EncodedRow::length).toArray(), batchSize, seed);
        this.collator = collator;
    }

    @Override
    public int size() {
        return rows.size();
    }

    @Override
    public int microBatches() {
        return plan.batches();
    }

    @Override
    public List<Integer> rows(long epoch, int microBatch) {
        if (epoch != plannedEpoch) {
            planned = plan.epoch(epoch);
            plannedEpoch = epoch;
        }
        return planned.get(microBatch);
    }

    @Override
    public long counted(List<Integer> batch) {
        return batch.stream().mapToLong(row -> rows.get(row).counted()).sum();
    }

    @Override
    public long tokens(List<Integer> batch) {
        return batch.stream().mapToLong(row -> rows.get(row).length()).sum();
    }

    @Override
    public int inputLength(int row) {
        return rows.get(row).length();
    }

    @Override
    public int targetLength(int row) {
        return collator.hasDecoder() ? rows.get(row).labels().length() : 0;
    }

    @Override
    public MicroBatch collate(List<Integer> batch) {
        TokenBatch tokens = collator.batch(batch.stream().map(rows::get).toList());
        return new MicroBatch(batch, tokens);
    }
}
