package org.cpet.plugin.models.bert;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import org.cpet.plugin.models.PrefixColumns;
import org.cpet.plugin.models.PromptColumns;

/**
 * Position ids, int64 [rows, columns + tokens]. A prefix comes before all of them. BERT counts columns. RoBERTa counts real
 * tokens from {@code pad_token_id + 1}, but in a row with a soft prompt it counts columns too, as the reference does where it
 * is given embeddings in place of ids.
 */
record BertPositions(BertVariant variant, int padId) {
    NDArray of(NDArray ids, PromptColumns prompt, PrefixColumns prefix) {
        int[] prompts = prompt.lengths();
        int[] prefixes = prefix.lengths();
        List<NDArray> parts = new ArrayList<>();
        int from = 0;
        while (from < prompts.length) {
            int to = from + 1;
            while (to < prompts.length && prompts[to] == prompts[from] && prefixes[to] == prefixes[from]) {
                to++;
            }
            NDArray rows = ids.get(new NDIndex().addSliceDim(from, to));
            boolean columns = variant == BertVariant.BERT || prompts[from] > 0;
            parts.add(
                    columns
                            ? columns(rows, prompt.count(), prompts[from], prefixes[from])
                            : realTokens(rows, prompt.count(), prefixes[from]));
            from = to;
        }
        return parts.stream().reduce((above, below) -> above.concat(below, 0)).orElseThrow();
    }

    /** Padding behind the tokens stays at the position of the last. */
    private NDArray columns(NDArray ids, int columns, int virtual, int before) {
        int rows = (int) ids.getShape().get(0);
        int tokens = (int) ids.getShape().get(1);
        int width = columns + tokens;
        int first = before + (variant == BertVariant.BERT ? 0 : padId + 1);
        long[] positions = new long[rows * width];
        for (int i = 0; i < positions.length; i++) {
            positions[i] = (long) first + Math.min(i % width, virtual + tokens - 1);
        }
        return ids.getManager().create(positions, new Shape(rows, width));
    }

    private NDArray realTokens(NDArray ids, int columns, int before) {
        NDArray real = ids.neq(padId).toType(DataType.INT64, false);
        NDArray positions = real.cumSum(1).add(before).mul(real).add(padId);
        if (columns == 0) {
            return positions;
        }
        Shape padding = new Shape(ids.getShape().get(0), columns);
        return positions.concat(ids.getManager().full(padding, padId, DataType.INT64), 1);
    }
}
