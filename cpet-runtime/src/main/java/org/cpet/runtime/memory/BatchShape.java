package org.cpet.runtime.memory;

import java.util.Locale;
import org.cpet.spi.model.LinearSpec;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModelTask;

/**
 * The largest micro-batch of a stage.
 *
 * @param rows in it
 * @param tokens that the model, or its encoder, reads of the longest row
 * @param targets that a decoder reads of the longest row; 0 where the model has none
 */
public record BatchShape(long rows, long tokens, long targets) {
    private static final String DECODER = "decoder.";
    private static final String ENCODER = "enc"; // T5's EncDecAttention, BART's encoder_attn

    /** Positions of a row that a module reads, by Hugging Face's names for the parts of encoder-decoder models. */
    long positions(ModelLayout layout, String module) {
        return decodes(layout, module) ? targets : tokens;
    }

    /** Positions of a row whose keys and values an attention module reads. */
    long keys(ModelLayout layout, String module) {
        String within = module.substring(module.indexOf(DECODER) + 1).toLowerCase(Locale.ROOT);
        return decodes(layout, module) && !within.contains(ENCODER) ? targets : tokens;
    }

    /** Positions of a row that the output head reads. */
    long read(ModelLayout layout) {
        return switch (layout.task()) {
            case SEQ_CLS -> 1;
            case CAUSAL_LM -> tokens;
            case SEQ2SEQ_LM -> targets;
            case ENCODER -> 0;
        };
    }

    long positions(ModelLayout layout, LinearSpec linear) {
        return positions(layout, linear.name());
    }

    private static boolean decodes(ModelLayout layout, String module) {
        return layout.task() == ModelTask.SEQ2SEQ_LM && module.contains(DECODER);
    }
}
