package org.cpet.spi.contract;

import ai.djl.ndarray.types.DataType;
import org.cpet.spi.model.ModelTask;

/**
 * Which toy transformer to make. Two layers of hidden size 8, two key/value heads of size 4, twelve FFN neurons,
 * thirteen words, three classes.
 *
 * @param gated whether the FFN has a gate (SiLU) beside its layer in, or is plain (GELU)
 * @param tied whether a language model's head uses the embedding table
 * @param queriesPerGroup query heads that share a key/value head
 * @param dataType float32 or float64; the weights are the same numbers
 * @param seed of the weights
 * @param rectified whether the FFN has a ReLU
 */
public record ToySpec(
        ModelTask task,
        boolean gated,
        boolean tied,
        int queriesPerGroup,
        DataType dataType,
        long seed,
        boolean rectified) {
    public static final int LAYERS = 2;
    public static final int HIDDEN = 8;
    public static final int GROUPS = 2;
    public static final int HEAD_DIM = 4;
    public static final int UNITS = 12;
    public static final int VOCABULARY = 13;
    public static final int CLASSES = 3;

    /** A classifier with a plain FFN. */
    public static ToySpec classifier() {
        return new ToySpec(ModelTask.SEQ_CLS, false, false, 1, DataType.FLOAT32, 17, false);
    }

    /** A causal language model with a gated FFN. */
    public static ToySpec languageModel() {
        return new ToySpec(ModelTask.CAUSAL_LM, true, false, 1, DataType.FLOAT32, 17, false);
    }

    /** The same with the head tied to the embeddings. */
    public ToySpec withTiedHead() {
        return new ToySpec(task, gated, true, queriesPerGroup, dataType, seed, rectified);
    }

    /** The same in float64. */
    public ToySpec float64() {
        return new ToySpec(task, gated, tied, queriesPerGroup, DataType.FLOAT64, seed, rectified);
    }

    /** The same with grouped-query attention. */
    public ToySpec grouped(int newQueriesPerGroup) {
        return new ToySpec(task, gated, tied, newQueriesPerGroup, dataType, seed, rectified);
    }

    /** The same with other weights. */
    public ToySpec seeded(long newSeed) {
        return new ToySpec(task, gated, tied, queriesPerGroup, dataType, newSeed, rectified);
    }

    /** The same with a ReLU in the FFN. */
    public ToySpec withRelu() {
        return new ToySpec(task, gated, tied, queriesPerGroup, dataType, seed, true);
    }
}
