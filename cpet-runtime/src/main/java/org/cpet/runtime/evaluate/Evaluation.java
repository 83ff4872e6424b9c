package org.cpet.runtime.evaluate;

import java.util.List;
import java.util.Map;
import org.cpet.runtime.train.Validation;

/**
 * What an evaluation found.
 *
 * @param metrics in the order they were asked for
 * @param loss mean negative log-likelihood of the counted labels
 * @param predictions in the order of the examples
 */
public record Evaluation(Map<String, Double> metrics, double loss, List<Prediction> predictions, double seconds) {
    public Evaluation {
        predictions = List.copyOf(predictions);
    }

    /** The numbers without the predictions. */
    public Validation.Measured measured() {
        return new Validation.Measured(metrics, loss, predictions.size(), seconds);
    }
}
