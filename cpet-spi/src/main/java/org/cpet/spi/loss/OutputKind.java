package org.cpet.spi.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import java.util.List;
import org.cpet.spi.model.ModelOutput;

/** A part of a model's output that a distillation loss compares. */
public enum OutputKind {
    LOGITS {
        @Override
        public NDArray of(ModelOutput output) {
            return output.requireLogits();
        }
    },
    LAST_HIDDEN {
        @Override
        public NDArray of(ModelOutput output) {
            return output.lastHidden();
        }
    },
    ENCODER_LAST_HIDDEN {
        @Override
        public NDArray of(ModelOutput output) {
            return output.hiddenStates().get(output.hiddenStates().size() - 1);
        }
    },
    /** What every layer gives, side by side: [batch, tokens, layers · hidden], of the stack that {@link #LAST_HIDDEN} is of. */
    HIDDEN_LAYERS {
        @Override
        public NDArray of(ModelOutput output) {
            return layers(
                    output.decoderHiddenStates().isEmpty() ? output.hiddenStates() : output.decoderHiddenStates());
        }
    },
    /** The same of the encoder. */
    ENCODER_HIDDEN_LAYERS {
        @Override
        public NDArray of(ModelOutput output) {
            return layers(output.hiddenStates());
        }
    };

    /** That part of an output. */
    public abstract NDArray of(ModelOutput output);

    /** Whether it belongs to the input's positions even where a decoder stands beside the encoder. */
    public boolean ofEncoder() {
        return this == ENCODER_LAST_HIDDEN || this == ENCODER_HIDDEN_LAYERS;
    }

    /** Whether a forward pass has to give all hidden states for it. */
    public boolean ofAllLayers() {
        return this == HIDDEN_LAYERS || this == ENCODER_HIDDEN_LAYERS;
    }

    /** Without the embeddings, which come first. */
    private static NDArray layers(List<NDArray> states) {
        if (states.size() < 2) {
            throw new IllegalStateException("the forward pass was not asked for all hidden states");
        }
        return NDArrays.concat(new NDList(states.subList(1, states.size())), 2);
    }
}
