package org.cpet.plugin.quantization.grouped;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import java.util.List;
import org.cpet.spi.model.ModelTask;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.model.TransformerModel;

/** Which positions of a layer's input are tokens: by the mask, and in the decoder of two stacks by labels or padding. */
record CountedInputs(boolean twoStacks, long padding) {
    static CountedInputs of(TransformerModel model) {
        return new CountedInputs(
                model.layout().task() == ModelTask.SEQ2SEQ_LM, model.config().integer("pad_token_id", 0));
    }

    /** Truth values [batch, positions]; keys and values of cross-attention read what the encoder gives. */
    NDArray of(String layer, TokenBatch batch) {
        List<String> parts = List.of(layer.split("\\."));
        String last = parts.get(parts.size() - 1);
        boolean crossing = parts.contains("EncDecAttention") && (last.equals("k") || last.equals("v"));
        if (!twoStacks || !parts.contains("decoder") || crossing) {
            return batch.attentionMask().neq(0);
        }
        if (batch.labels().isPresent()) {
            return batch.labels().get().neq(TokenBatch.IGNORED);
        }
        NDArray ids = batch.decoderInputIds().orElseThrow();
        NDArray start = ids.get(new NDIndex(":, 0:1")); // often the padding token, yet it is read
        return NDArrays.concat(
                new NDList(start.eq(start), ids.get(new NDIndex(":, 1:")).neq(padding)), 1);
    }
}
