package org.cpet.plugin.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.cpet.spi.model.TokenBatch;

/** Additive attention biases: 0 where a query may look, {@link #HIDDEN} where it may not. */
public final class Masks {
    /**
     * Hides a key: its weight e^(−30000) is 0 beside any visible key. Finite in every float type, so a query without
     * any visible key (padding in front of a causal row) averages instead of giving NaN, which would reach other rows
     * as 0 · NaN.
     */
    public static final float HIDDEN = -30_000f;

    private Masks() {}

    /**
     * Whether padding lies in the batch. Known without looking when the batch says so; on the CPU the mask is read,
     * on a GPU that would stall the queue, so padding is assumed.
     */
    public static boolean padded(TokenBatch batch) {
        return batch.padded() && (batch.attentionMask().getDevice().isGpu() || anyZero(batch.attentionMask()));
    }

    /**
     * Whether padding stands in front of a real token. Where it does not, a causal query at a real token sees real
     * tokens only, without a mask.
     */
    public static boolean paddedBeforeText(TokenBatch batch) {
        return batch.padded() && (batch.attentionMask().getDevice().isGpu() || anyRise(batch.attentionMask()));
    }

    /** Hides padding keys: [batch, 1, 1, keys] from a mask [batch, keys]. */
    public static NDArray ofKeys(NDArray mask) {
        NDArray hidden = mask.toType(DataType.FLOAT32, false).sub(1f).mul(-HIDDEN);
        return hidden.reshape(mask.getShape().get(0), 1, 1, mask.getShape().get(1));
    }

    /** Hides the future: [queries, keys], where the last query is the last key. */
    public static NDArray causal(NDManager manager, int queries, int keys) {
        float[] values = new float[queries * keys];
        for (int query = 0; query < queries; query++) {
            for (int key = query + keys - queries + 1; key < keys; key++) {
                values[query * keys + key] = HIDDEN;
            }
        }
        return manager.create(values, new Shape(queries, keys));
    }

    private static boolean anyZero(NDArray mask) {
        for (long value : mask.toLongArray()) {
            if (value == 0) {
                return true;
            }
        }
        return false;
    }

    private static boolean anyRise(NDArray mask) {
        long[] values = mask.toLongArray();
        int width = (int) mask.getShape().get(1);
        for (int i = 1; i < values.length; i++) {
            if (i % width != 0 && values[i] > values[i - 1]) {
                return true;
            }
        }
        return false;
    }
}
