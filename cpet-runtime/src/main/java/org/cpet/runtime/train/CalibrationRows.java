package org.cpet.runtime.train;

import java.util.List;
import java.util.function.Consumer;
import org.cpet.spi.compress.CalibrationData;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.tensor.Ops;

/** The training rows in the order of the first epoch, for compressors to measure activations on. */
public final class CalibrationRows implements CalibrationData {
    private static final int MOST = 2_048;

    private final Ops ops;
    private final TrainingRows rows;

    public CalibrationRows(Ops ops, TrainingRows rows) {
        this.ops = ops;
        this.rows = rows;
    }

    @Override
    @SuppressWarnings("try") // the scope frees the batch
    public void forEach(Consumer<TokenBatch> batches) {
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
    public long rows() {
        return Math.min(MOST, rows.size());
    }
}
