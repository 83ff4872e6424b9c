package org.cpet.spi.model;

import ai.djl.ndarray.NDArray;
import java.util.Optional;

/**
 * Token ids and what belongs to them, all int64.
 *
 * @param inputIds [batch, tokens]
 * @param attentionMask [batch, tokens], 1 real, 0 padding
 * @param tokenTypeIds [batch, tokens], zeros when absent
 * @param decoderInputIds [batch, targets], labels shifted right when absent
 * @param labels [batch] classes, or [batch, targets] ids; −100 does not count
 * @param padded false when every position is known to be real, which spares models the mask
 */
public record TokenBatch(
        NDArray inputIds,
        NDArray attentionMask,
        Optional<NDArray> tokenTypeIds,
        Optional<NDArray> decoderInputIds,
        Optional<NDArray> labels,
        boolean padded) {
    /** A batch that may be padded. */
    public TokenBatch(
            NDArray inputIds,
            NDArray attentionMask,
            Optional<NDArray> tokenTypeIds,
            Optional<NDArray> decoderInputIds,
            Optional<NDArray> labels) {
        this(inputIds, attentionMask, tokenTypeIds, decoderInputIds, labels, true);
    }

    /** The label that no loss counts. */
    public static final long IGNORED = -100;

    /** Ids and mask alone. */
    public static TokenBatch of(NDArray inputIds, NDArray attentionMask) {
        return new TokenBatch(inputIds, attentionMask, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** The same with labels. */
    public TokenBatch withLabels(NDArray newLabels) {
        return new TokenBatch(inputIds, attentionMask, tokenTypeIds, decoderInputIds, Optional.of(newLabels), padded);
    }

    /** The same with segment ids. */
    public TokenBatch withTokenTypes(NDArray types) {
        return new TokenBatch(inputIds, attentionMask, Optional.of(types), decoderInputIds, labels, padded);
    }

    /** The same with decoder input. */
    public TokenBatch withDecoderInput(NDArray ids) {
        return new TokenBatch(inputIds, attentionMask, tokenTypeIds, Optional.of(ids), labels, padded);
    }

    /** The same, every position of which is known to be real. */
    public TokenBatch withoutPadding() {
        return new TokenBatch(inputIds, attentionMask, tokenTypeIds, decoderInputIds, labels, false);
    }
}
