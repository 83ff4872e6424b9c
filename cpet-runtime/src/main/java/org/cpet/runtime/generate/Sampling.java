package org.cpet.runtime.generate;

import java.util.Arrays;
import java.util.Comparator;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.cpet.spi.Options;

/**
 * Draws from softmax(logits / temperature) over the {@code topK} most likely tokens, of which only the fewest stay whose
 * probabilities together reach {@code topP}.
 *
 * @param temperature above 0; 1 leaves the model's distribution
 * @param topK 0 keeps all
 * @param topP above 0; 1 keeps all
 */
public record Sampling(double temperature, int topK, double topP) implements TokenChoice {
    public Sampling {
        Options.check(
                temperature > 0 && temperature < Double.POSITIVE_INFINITY,
                "temperature must be above 0, was %s",
                temperature);
        Options.check(topK >= 0, "top-k must be at least 0, was %s", topK);
        Options.check(topP > 0 && topP <= 1, "top-p must be above 0 and at most 1, was %s", topP);
    }

    @Override
    public int next(float[] logits, RandomGenerator random) {
        int[] ids = byLikelihood(logits);
        double[] weights = weights(logits, ids);
        double total = nucleus(weights);
        double drawn = random.nextDouble() * total;
        int at = 0;
        double passed = weights[0];
        while (passed <= drawn && at + 1 < weights.length && weights[at + 1] > 0) {
            at++;
            passed += weights[at];
        }
        return ids[at];
    }

    /** The ids that top-k leaves, most likely first; the lower id first among equals. */
    private int[] byLikelihood(float[] logits) {
        int kept = topK == 0 ? logits.length : Math.min(topK, logits.length);
        return IntStream.range(0, logits.length)
                .boxed()
                .sorted(Comparator.comparing((Integer id) -> -logits[id]))
                .limit(kept)
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private double[] weights(float[] logits, int[] ids) {
        return Arrays.stream(ids)
                .mapToDouble(id -> StrictMath.exp((logits[id] - logits[ids[0]]) / temperature))
                .toArray();
    }

    /** Sets the weights behind the nucleus to 0 and gives the sum of the others. */
    private double nucleus(double[] weights) {
        double all = Arrays.stream(weights).sum();
        double total = 0;
        int at = 0;
        while (at < weights.length && (at == 0 || total < topP * all)) {
            total += weights[at];
            at++;
        }
        Arrays.fill(weights, at, weights.length, 0);
        return total;
    }
}
