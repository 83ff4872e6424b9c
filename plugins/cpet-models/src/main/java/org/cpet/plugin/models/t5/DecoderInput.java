package org.cpet.plugin.models.t5;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.cpet.spi.InputException;
import org.cpet.spi.model.TokenBatch;

/** What the decoder reads: given ids, or the labels shifted right. */
record DecoderInput(int startId, int padId) {
    NDArray of(TokenBatch batch) {
        return batch.decoderInputIds()
                .orElseGet(() -> shifted(batch.labels()
                        .orElseThrow(() -> new InputException(
                                "decoder_input_ids is missing; allowed to leave out only where labels are given"))));
    }

    /** The first input of a generation: given ids, or the start id in each row. */
    NDArray prompt(TokenBatch batch) {
        return batch.decoderInputIds().orElseGet(() -> start(batch.inputIds()));
    }

    private NDArray shifted(NDArray labels) {
        NDArray counted = labels.neq(TokenBatch.IGNORED).toType(DataType.INT64, false);
        // counted · (label − pad) + pad: labels that do not count become padding
        NDArray ids = labels.sub(padId).mul(counted).add(padId);
        long targets = labels.getShape().get(1);
        NDArray first = start(labels);
        return targets == 1 ? first : first.concat(ids.get(":, 0:" + (targets - 1)), 1);
    }

    private NDArray start(NDArray like) {
        return like.getManager().full(new Shape(like.getShape().get(0), 1), startId, DataType.INT64);
    }
}
