package org.cpet.plugin.models.llama;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.cpet.spi.model.TokenBatch;

/** Prompts whose real tokens end in the last column, so that new tokens follow them directly. */
final class LeftPadded {
    private final NDArray ids;
    private final int[] missing;

    private LeftPadded(NDArray ids, int[] missing) {
        this.ids = ids;
        this.missing = missing;
    }

    /** [batch, tokens]. */
    NDArray ids() {
        return ids;
    }

    /** Padding of each row. */
    int[] missing() {
        return missing.clone();
    }

    /** Moves the padding of every row to the left. */
    static LeftPadded of(TokenBatch prompts) {
        Shape shape = prompts.inputIds().getShape();
        int width = (int) shape.get(1);
        long[] given = prompts.inputIds().toLongArray();
        long[] real = prompts.attentionMask().toLongArray();
        long[] ids = given.clone();
        int[] missing = new int[(int) shape.get(0)];
        for (int row = 0; row < shape.get(0); row++) {
            int to = (row + 1) * width;
            for (int from = to - 1; from >= row * width; from--) {
                if (real[from] != 0) {
                    to--;
                    ids[to] = given[from];
                }
            }
            missing[row] = to - row * width;
        }
        return new LeftPadded(prompts.inputIds().getManager().create(ids, shape), missing);
    }
}
