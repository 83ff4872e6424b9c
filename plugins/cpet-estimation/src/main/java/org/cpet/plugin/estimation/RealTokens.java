package org.cpet.plugin.estimation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import org.cpet.spi.model.TokenBatch;

/** Which tokens count: those that the attention mask shows; in a decoder, those with a label. */
final class RealTokens {
    private RealTokens() {}

    /** Mean of values [batch, tokens] over real tokens; of values of another shape over all. */
    static NDArray mean(NDArray values, TokenBatch batch, boolean decoder) {
        NDArray real = decoder && batch.labels().isPresent()
                ? batch.labels().get().neq(TokenBatch.IGNORED)
                : batch.attentionMask();
        if (!real.getShape().equals(values.getShape())) {
            return values.mean();
        }
        NDArray weights = real.toType(DataType.FLOAT32, false);
        return values.mul(weights).sum().div(weights.sum());
    }
}
