package org.cpet.runtime.evaluate;

import java.util.List;

/**
 * A row's answer.
 *
 * @param predicted a label, or a completion
 * @param answered false when the model cannot answer, so that there is a loss alone
 * @param scores of the classes
 * @param loss negative log-likelihood of the row's own labels, summed over them
 */
record Scored(String predicted, boolean answered, List<Double> scores, double loss) {
    /** The class with the largest score, the first of equals; a score that is not a number never wins. */
    static Scored best(List<String> labels, List<Double> scores, double loss) {
        int best = 0;
        for (int k = 1; k < scores.size(); k++) {
            if (scores.get(k) > scores.get(best) || Double.isNaN(scores.get(best))) {
                best = k;
            }
        }
        return new Scored(labels.get(best), true, scores, loss);
    }
}
