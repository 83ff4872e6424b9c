package org.cpet.spi.compress;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import org.cpet.spi.model.TokenBatch;

/** The first rows of a batch, so that the number of rows used does not depend on the batch size. */
public final class FirstRows {
    private FirstRows() {}

    /** At most that many rows of a batch. */
    public static TokenBatch of(TokenBatch batch, long rows) {
        if (rows == batch.inputIds().getShape().get(0)) {
            return batch;
        }
        return new TokenBatch(
                first(batch.inputIds(), rows),
                first(batch.attentionMask(), rows),
                batch.tokenTypeIds().map(ids -> first(ids, rows)),
                batch.decoderInputIds().map(ids -> first(ids, rows)),
                batch.labels().map(labels -> first(labels, rows)));
    }

    private static NDArray first(NDArray values, long rows) {
        return values.get(new NDIndex("0:{}", rows));
    }
}
