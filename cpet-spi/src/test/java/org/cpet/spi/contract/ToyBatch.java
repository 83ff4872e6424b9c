package org.cpet.spi.contract;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.random.RandomGenerator;
import org.cpet.spi.model.ModelTask;
import org.cpet.spi.model.TokenBatch;

/** Seeded batches for the toy model: three rows of five tokens, padded on the right, with labels. */
public final class ToyBatch {
    public static final int ROWS = 3;
    public static final int TOKENS = 5;
    private static final int[] LENGTHS = {5, 3, 4};

    private ToyBatch() {}

    /** Classes for a classifier; for a language model the ids themselves, the first token and padding ignored. */
    public static TokenBatch of(NDManager manager, ToySpec spec, long seed) {
        RandomGenerator random = Seeded.random(seed, "batch");
        boolean classes = spec.task() == ModelTask.SEQ_CLS;
        long[] ids = new long[ROWS * TOKENS];
        long[] mask = new long[ROWS * TOKENS];
        long[] labels = new long[classes ? ROWS : ROWS * TOKENS];
        for (int row = 0; row < ROWS; row++) {
            for (int token = 0; token < TOKENS; token++) {
                int at = row * TOKENS + token;
                boolean real = token < LENGTHS[row];
                ids[at] = real ? random.nextLong(1, ToySpec.VOCABULARY) : 0;
                mask[at] = real ? 1 : 0;
                if (!classes) {
                    labels[at] = real && token > 0 ? ids[at] : TokenBatch.IGNORED;
                }
            }
            if (classes) {
                labels[row] = random.nextLong(ToySpec.CLASSES);
            }
        }
        Shape tokens = new Shape(ROWS, TOKENS);
        return TokenBatch.of(manager.create(ids, tokens), manager.create(mask, tokens))
                .withLabels(manager.create(labels, classes ? new Shape(ROWS) : tokens));
    }
}
