package org.cpet.spi.compress;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import java.util.Arrays;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.model.ModelTask;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.model.TransformerModel;

/**
 * Which positions of a batch are real. Layers of an encoder, or of the only stack, go by the attention mask. A decoder
 * beside an encoder has positions of its own and no mask: those whose label counts, or without labels those from the
 * start token to the padding.
 */
public final class CountedTokens {
    private final boolean twoStacks;
    private final long padding;

    /** @param padding id of the padding token */
    public CountedTokens(ModelTask task, long padding) {
        this.twoStacks = task == ModelTask.SEQ2SEQ_LM;
        this.padding = padding;
    }

    /** For a model as it stands. */
    public static CountedTokens of(TransformerModel model) {
        return new CountedTokens(model.layout().task(), model.config().integer("pad_token_id", 0));
    }

    /** Booleans [batch, positions] for the inputs of a layer. */
    public NDArray of(String layer, TokenBatch batch) {
        boolean decoder = twoStacks && Arrays.asList(layer.split("\\.")).contains("decoder");
        return decoder ? decoder(batch) : batch.attentionMask().neq(0);
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
