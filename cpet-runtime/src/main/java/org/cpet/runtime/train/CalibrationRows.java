package org.cpet.runtime.train;

import com.google.common.base.Suppliers;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.cpet.spi.compress.CalibrationData;
import org.cpet.spi.loss.TaskLoss;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.tensor.Ops;

/** The training rows in the order of the first epoch, for compressors to measure activations on. */
public final class CalibrationRows implements CalibrationData {
    private static final int MOST = 2_048;
    private static final int BATCH = 32;

    private final Ops ops;
    private final Supplier<TrainingRows> source;
    private final TaskLoss loss;

    /**
     * The rows are read when a compressor first asks for them.
     *
     * @param loss L_task, for criteria that look at gradients
     */
    public CalibrationRows(Ops ops, Stages.TrainingRowsBySize rows, TaskLoss loss) {
        this.ops = ops;
        this.loss = loss;
        this.source = Suppliers.memoize(() -> rows.of(BATCH));
    }

    @Override
    @SuppressWarnings("try") // the scope frees the batch
    public void forEach(Consumer<TokenBatch> batches) {
        TrainingRows rows = source.get();
        long left = rows();
        for (int i = 0; left > 0; i++) {
            List<Integer> batch = rows.rows(0, i);
            List<Integer> used = batch.subList(0, (int) Math.min(left, batch.size()));
            try (Ops.Scope scope = ops.scope()) {
                batches.accept(rows.collate(used).tokens());
            }
            left -= used.size();
        }
    }

    @Override
    public Optional<TaskLoss> taskLoss() {
        return Optional.of(loss);
    }

    @Override
    public long rows() {
        return Math.min(MOST, source.get().size());
    }
}
