package org.cpet.runtime.study;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.cpet.runtime.checkpoint.Hashes;

/**
 * What some values have in common.
 *
 * @param sd standard deviation of the sample (n − 1), NaN of fewer than two values
 * @param low lower end of the 95 % bootstrap interval of the mean, NaN of fewer than two values
 * @param high its upper end
 */
public record Statistics(int count, double mean, double sd, double low, double high) {
    private static final int RESAMPLES = 10_000;
    private static final double TAIL = 0.025;

    /**
     * Of some values, NaN left out. The interval is the percentile bootstrap's; its random numbers are seeded by the
     * values, so the same values always have the same interval.
     */
    public static Statistics of(List<Double> all) {
        double[] values = all.stream()
                .mapToDouble(Double::doubleValue)
                .filter(Double::isFinite)
                .toArray();
        double mean = Arrays.stream(values).average().orElse(Double.NaN);
        if (values.length < 2) {
            return new Statistics(values.length, mean, Double.NaN, Double.NaN, Double.NaN);
        }
        double squares = Arrays.stream(values)
                .map(value -> (value - mean) * (value - mean))
                .sum();
        double[] means = bootstrap(values);
        int low = (int) Math.floor(TAIL * RESAMPLES);
        return new Statistics(
                values.length, mean, Math.sqrt(squares / (values.length - 1)), means[low], means[RESAMPLES - 1 - low]);
    }

    /** Means of resamples, sorted. */
    private static double[] bootstrap(double[] values) {
        String digits = Hashes.sha256(Arrays.toString(values)).substring(0, 16);
        SplittableRandom random = new SplittableRandom(Long.parseUnsignedLong(digits, 16));
        double[] means = new double[RESAMPLES];
        for (int i = 0; i < RESAMPLES; i++) {
            double sum = 0;
            for (int drawn = 0; drawn < values.length; drawn++) {
                sum += values[random.nextInt(values.length)];
            }
            means[i] = sum / values.length;
        }
        Arrays.sort(means);
        return means;
    }
}
