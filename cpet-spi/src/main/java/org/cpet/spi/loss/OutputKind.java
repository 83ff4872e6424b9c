package org.cpet.spi.loss;

import ai.djl.ndarray.NDArray;
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
    };

    /** That part of an output. */
    public abstract NDArray of(ModelOutput output);
}
