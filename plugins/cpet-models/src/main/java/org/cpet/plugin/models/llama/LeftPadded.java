package org.cpet.plugin.models.llama;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.cpet.spi.model.TokenBatch;

/**
 * Prompts whose real tokens end in the last column, so that new tokens follow them directly.
 *
 * @param ids [batch, tokens]
 * @param mask [batch, tokens]
 * @param padded whether any row is shorter than the others
 */
record LeftPadded(NDArray ids, NDArray mask, boolean padded) {
    /** Moves the padding of every row to the left. */
    static LeftPadded of(TokenBatch prompts) {
        Shape shape = prompts.inputIds().getShape();
        int width = (int) shape.get(1);
        long[] given = prompts.inputIds().toLongArray();
        long[] real = prompts.attentionMask().toLongArray();
        long[] ids = given.clone();
        long[] mask = new long[real.length];
        boolean padded = false;
        for (int row = 0; row < shape.get(0); row++) {
            int to = (row + 1) * width;
            for (int from = to - 1; from >= row * width; from--) {
                if (real[from] != 0) {
                    to--;
                    ids[to] = given[from];
                    mask[to] = 1;
                }
            }
            padded |= to > row * width;
        }
        return new LeftPadded(
                prompts.inputIds().getManager().create(ids, shape),
                prompts.inputIds().getManager().create(mask, shape),
                padded);
    }
}
