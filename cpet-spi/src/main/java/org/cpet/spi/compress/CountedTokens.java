package org.cpet.spi.compress;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import java.util.Set;
import java.util.stream.Collectors;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.model.TransformerModel;

/**
 * Which positions of a batch are real. Layers that read an encoder, or the only stack, go by the attention mask. A decoder
 * beside an encoder has positions of its own and no mask: those whose label counts, or without labels those from the
 * start token to the padding.
 */
public final class CountedTokens {
    private final Set<String> ofDecoder;
    private final long padding;

    /**
     * Made for one model.
     *
     * @param ofDecoder layers that read positions of a decoder beside an encoder
     * @param padding id of the padding token
     */
    public CountedTokens(Set<String> ofDecoder, long padding) {
        this.ofDecoder = Set.copyOf(ofDecoder);
        this.padding = padding;
    }

    /** For a model as it stands. */
    public static CountedTokens of(TransformerModel model) {
        Set<String> ofDecoder = model.linears().stream()
                .filter(model::readsDecoder)
                .map(LinearSite::name)
                .collect(Collectors.toSet());
        return new CountedTokens(ofDecoder, model.config().integer("pad_token_id", 0));
    }

    /** Booleans [batch, positions] for the inputs of a layer. */
    public NDArray of(String layer, TokenBatch batch) {
        return ofDecoder.contains(layer)
                ? decoder(batch)
                : batch.attentionMask().neq(0);
    }

    private NDArray decoder(TokenBatch batch) {
        return batch.labels().map(labels -> labels.neq(TokenBatch.IGNORED)).orElseGet(() -> fromStartToPadding(batch));
    }

    /** The start token often is the padding token, so the first position counts whatever it holds. */
    private NDArray fromStartToPadding(TokenBatch batch) {
        NDArray ids = batch.decoderInputIds()
                .orElseThrow(() -> new CpetException(
                        ExitCode.BUG, "a batch for a sequence-to-sequence model has neither labels nor decoder input"));
        NDArray first = ids.get(new NDIndex(":, 0:1"));
        return NDArrays.concat(
                new NDList(first.eq(first), ids.get(new NDIndex(":, 1:")).neq(padding)), 1);
    }
}
