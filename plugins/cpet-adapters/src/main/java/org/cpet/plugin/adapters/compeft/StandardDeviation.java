package org.cpet.plugin.adapters.compeft;

import java.util.List;

/** σ = √(Σ (τᵢ − mean)² / (d − 1)) in float64, in two passes; of a single entry its magnitude. */
final class StandardDeviation {
    private StandardDeviation() {}

    static double of(List<float[]> values) {
        long count = values.stream().mapToLong(array -> array.length).sum();
        double sum = 0;
        for (float[] array : values) {
            for (float value : array) {
                sum += value;
            }
        }
        if (count <= 1) {
            return Math.abs(sum);
        }
        double mean = sum / count;
        double squares = 0;
        for (float[] array : values) {
            for (float value : array) {
                squares += (value - mean) * (value - mean);
            }
        }
        return Math.sqrt(squares / (count - 1));
    }
}
