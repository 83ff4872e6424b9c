package org.cpet.runtime.evaluate;

import java.util.List;
import org.cpet.spi.data.Example;

/**
 * What a model made of an example.
 *
 * @param predicted a label as files write it, or a completion
 * @param scores of the classes in their order: logits of a head, or the log-likelihoods of the classes' words; empty for
 *     free text
 */
public record Prediction(Example example, String predicted, List<Double> scores) {
    public Prediction {
        scores = List.copyOf(scores);
    }
}
