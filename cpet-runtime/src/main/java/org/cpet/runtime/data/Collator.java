package org.cpet.runtime.data;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.common.primitives.ImmutableLongArray;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.cpet.spi.model.ModelTask;
import org.cpet.spi.model.TokenBatch;

/** Pads rows on the right to the longest of them and puts them on the device, all int64. */
public final class Collator {
    private final NDManager manager;
    private final ModelTask task;
    private final int pad;

    /**
     * Makes batches of one task.
     *
     * @param manager of the device
     * @param pad the id that fills short rows
     */
    public Collator(NDManager manager, ModelTask task, int pad) {
        this.manager = manager;
        this.task = task;
        this.pad = pad;
    }

    /** Whether labels are a decoder's own sequence. */
    boolean hasDecoder() {
        return task == ModelTask.SEQ2SEQ_LM;
    }

    /** The rows as a batch with labels; the arrays belong to the current scope. */
    public TokenBatch batch(List<EncodedRow> rows) {
        TokenBatch batch =
                inputs(rows.stream().map(EncodedRow::inputIds).toList()).withLabels(labels(rows));
        return task == ModelTask.SEQ_CLS ? batch.withTokenTypes(padded(rows, EncodedRow::typeIds, 0)) : batch;
    }

    /** Ids and mask [rows, longest]. */
    public TokenBatch inputs(List<ImmutableLongArray> ids) {
        int longest = ids.stream().mapToInt(ImmutableLongArray::length).max().orElse(0);
        long[] mask = new long[ids.size() * longest];
        for (int row = 0; row < ids.size(); row++) {
            Arrays.fill(mask, row * longest, row * longest + ids.get(row).length(), 1);
        }
        return TokenBatch.of(
                padded(ids, Function.identity(), pad), manager.create(mask, new Shape(ids.size(), longest)));
    }

    /** Prompts to be continued: padded on the left for causal models, whose next token follows the last. */
    public TokenBatch prompts(List<ImmutableLongArray> ids) {
        if (hasDecoder()) {
            return inputs(ids);
        }
        int longest = ids.stream().mapToInt(ImmutableLongArray::length).max().orElse(0);
        long[] values = new long[ids.size() * longest];
        long[] mask = new long[values.length];
        Arrays.fill(values, pad);
        for (int row = 0; row < ids.size(); row++) {
            int end = (row + 1) * longest;
            int length = ids.get(row).length();
            System.arraycopy(ids.get(row).toArray(), 0, values, end - length, length);
            Arrays.fill(mask, end - length, end, 1);
        }
        Shape shape = new Shape(ids.size(), longest);
        return TokenBatch.of(manager.create(values, shape), manager.create(mask, shape));
    }

    private NDArray labels(List<EncodedRow> rows) {
        return task == ModelTask.SEQ_CLS
                ? manager.create(
                        rows.stream().mapToLong(row -> row.labels().get(0)).toArray())
                : padded(rows, EncodedRow::labels, TokenBatch.IGNORED);
    }

    private <T> NDArray padded(List<T> rows, Function<T, ImmutableLongArray> part, long filler) {
        int longest =
                rows.stream().mapToInt(row -> part.apply(row).length()).max().orElse(0);
        long[] values = new long[rows.size() * longest];
        Arrays.fill(values, filler);
        for (int row = 0; row < rows.size(); row++) {
            long[] ids = part.apply(rows.get(row)).toArray();
            System.arraycopy(ids, 0, values, row * longest, ids.length);
        }
        return manager.create(values, new Shape(rows.size(), longest));
    }
}
