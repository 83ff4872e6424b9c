package org.cpet.plugin.adapters.merging;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;

/**
 * A (1 + 1) evolution strategy from 0 on: the best point plus normal noise, kept within bounds, replaces it unless it is
 * worse. Success widens the step by e^(1/3), failure narrows it by e^(1/12): steady at one success in five.
 */
final class EvolutionSearch {
    private final double bound;
    private final int budget;
    private final RandomGenerator random;

    EvolutionSearch(double bound, int budget, RandomGenerator random) {
        this.bound = bound;
        this.budget = budget;
        this.random = random;
    }

    /**
     * What was found.
     *
     * @param first the value at 0
     */
    record Found(List<Double> point, double value, double first) {}

    Found minimize(int dimensions, ToDoubleFunction<double[]> objective) {
        double[] best = new double[dimensions];
        double first = objective.applyAsDouble(best);
        double least = first;
        double step = bound / 3;
        for (int asked = 1; asked < budget; asked++) {
            double[] trial = new double[dimensions];
            for (int i = 0; i < dimensions; i++) {
                trial[i] = Math.max(-bound, Math.min(bound, best[i] + step * random.nextGaussian()));
            }
            double value = objective.applyAsDouble(trial);
            if (value <= least) {
                best = trial;
                least = value;
                step = Math.min(bound, step * Math.exp(1.0 / 3));
            } else {
                step *= Math.exp(-1.0 / 12);
            }
        }
        return new Found(Arrays.stream(best).boxed().toList(), least, first);
    }
}
