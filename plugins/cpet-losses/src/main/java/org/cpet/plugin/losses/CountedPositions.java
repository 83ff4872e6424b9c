package org.cpet.plugin.losses;

import ai.djl.ndarray.NDArray;
import java.util.Optional;
import org.cpet.spi.loss.OutputKind;
import org.cpet.spi.model.ModelOutput;
import org.cpet.spi.model.TokenBatch;

/** Which positions of an output a distillation loss compares. */
final class CountedPositions {
    private CountedPositions() {}

    /**
     * A boolean mask [batch, positions], or nothing where every element counts.
     *
     * <p>Logits [batch, classes] have no positions. What a decoder beside an encoder computes counts where its label is
     * not −100, for its input has no mask; everything else counts where the attention mask is 1.
     */
    static Optional<NDArray> of(OutputKind kind, ModelOutput output, TokenBatch batch) {
        if (kind.of(output).getShape().dimension() == 2) {
            return Optional.empty();
        }
        boolean decoder = !kind.ofEncoder() && !output.decoderHiddenStates().isEmpty();
        if (decoder) {
            return batch.labels().map(labels -> labels.neq(TokenBatch.IGNORED));
        }
        return batch.padded() ? Optional.of(batch.attentionMask().neq(0)) : Optional.empty();
    }
}
