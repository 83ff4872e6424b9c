package org.cpet.plugin.pruning;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.Arrays;
import org.cpet.spi.InputException;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.tensor.Ops;

/**
 * How much each head or neuron matters to the layer that reads it, W [out, in] with in = units × width: score_u = Σ_j
 * mean(x_j²) · ‖W_:j‖², over the columns j of unit u. Sums run in double precision in a fixed order, so equal units have
 * equal scores.
 */
final class UnitScores {
    private UnitScores() {}

    /**
     * Scores of the units that {@code reader} reads.
     *
     * @param energy mean squared activation of each column, ones where only the weights count
     * @throws InputException when a score is not finite
     */
    static double[] of(Ops ops, LinearSite reader, double[] energy, int units) {
        double[] norms = columnNorms(ops, reader);
        int width = norms.length / units;
        double[] scores = new double[units];
        for (int column = 0; column < norms.length; column++) {
            scores[column / width] += energy[column] * norms[column];
        }
        for (double score : scores) {
            if (!Double.isFinite(score)) {
                throw new InputException("structured_pruning: weight or input of layer " + reader.name()
                        + "; found NaN or infinity; allowed finite numbers");
            }
        }
        return scores;
    }

    /** What every column weighs where only the weights count. */
    static double[] ones(int columns) {
        double[] ones = new double[columns];
        Arrays.fill(ones, 1);
        return ones;
    }

    /** Indices of the largest scores, ascending; among equal scores the first ones. */
    static int[] strongest(double[] scores, int count) {
        double[] sorted = scores.clone();
        Arrays.sort(sorted);
        double threshold = sorted[scores.length - count];
        int above = 0;
        for (double score : scores) {
            above += score > threshold ? 1 : 0;
        }
        int[] kept = new int[count];
        int equals = count - above;
        int next = 0;
        for (int i = 0; i < scores.length; i++) {
            if (scores[i] > threshold || (scores[i] == threshold && equals-- > 0)) {
                kept[next++] = i;
            }
        }
        return kept;
    }

    /** Squared L2 norm of each column of the reader's weight. */
    private static double[] columnNorms(Ops ops, LinearSite reader) {
        try (Ops.Scope scope = ops.scope()) {
            NDArray weight = reader.op().weight();
            float[] values = ops.cast(weight, DataType.FLOAT32).toFloatArray();
            double[] norms = new double[reader.op().in()];
            for (int i = 0; i < values.length; i++) {
                norms[i % norms.length] += (double) values[i] * values[i];
            }
            return norms;
        }
    }
}
