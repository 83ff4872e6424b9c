package org.cpet.spi.model;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Optional;

/**
 * What a forward pass gives.
 *
 * @param logits [batch, classes] or [batch, tokens, vocabulary]; absent for an encoder without a head
 * @param labelShift logits at position t predict the label at t + labelShift: 1 for causal models, else 0
 * @param hiddenStates of the encoder, or of the only stack: after the embeddings first, after the last norm last; only
 *     the last one unless all were asked for; [batch, tokens, hidden]
 * @param decoderHiddenStates of the decoder of a sequence-to-sequence model
 * @param pooled [batch, hidden], of encoders with a pooler
 */
public record ModelOutput(
        Optional<NDArray> logits,
        int labelShift,
        List<NDArray> hiddenStates,
        List<NDArray> decoderHiddenStates,
        Optional<NDArray> pooled) {
    public ModelOutput {
        hiddenStates = List.copyOf(hiddenStates);
        decoderHiddenStates = List.copyOf(decoderHiddenStates);
    }

    /** The logits of a model that has a head. */
    public NDArray requireLogits() {
        return logits.orElseThrow(() -> new IllegalStateException("an encoder without a head has no logits"));
    }

    /** The last hidden states before the head: the decoder's, where there is one. */
    public NDArray lastHidden() {
        List<NDArray> states = decoderHiddenStates.isEmpty() ? hiddenStates : decoderHiddenStates;
        return states.get(states.size() - 1);
    }
}
