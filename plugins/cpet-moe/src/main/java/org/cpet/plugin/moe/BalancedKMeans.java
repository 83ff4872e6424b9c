package org.cpet.plugin.moe;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.cpet.spi.tensor.Ops;

/**
 * k-means in which every cluster gets equally many rows. Rows are normalised; the first centres are drawn far from each
 * other (k-means++); each round assigns all rows at the smallest total distance and takes the means, until nothing moves.
 */
final class BalancedKMeans {
    private static final int ROUNDS = 20;

    private final Ops ops;
    private final RandomGenerator random;

    BalancedKMeans(Ops ops, RandomGenerator random) {
        this.ops = ops;
        this.random = random;
    }

    /** The cluster of each row of a weight [units, hidden]. */
    int[] labels(NDArray weight, int clusters) {
        try (Ops.Scope scope = ops.scope()) {
            NDArray rows = Router.directions(weight);
            int units = (int) rows.getShape().get(0);
            NDArray centres = ops.select(rows, 0, far(rows, clusters));
            int[] labels = new int[0];
            for (int round = 0; round < ROUNDS; round++) {
                int[] next = assign(rows, centres, units, clusters);
                if (Arrays.equals(next, labels)) {
                    break;
                }
                labels = next;
                centres.close();
                centres = means(rows, labels, clusters);
            }
            centres.close();
            return labels;
        }
    }

    /** ‖r − c‖² without ‖r‖², which is the same for every cluster. */
    private int[] assign(NDArray rows, NDArray centres, int units, int clusters) {
        NDArray squares = centres.square().sum(new int[] {1});
        NDArray distances = squares.sub(ops.linear(rows, centres).mul(2));
        return BalancedAssignment.of(distances.toFloatArray(), units, clusters);
    }

    private NDArray means(NDArray rows, int[] labels, int clusters) {
        float[] values = rows.toFloatArray();
        int width = (int) rows.getShape().get(1);
        float[][] means = new float[clusters][width];
        for (int unit = 0; unit < labels.length; unit++) {
            for (int i = 0; i < width; i++) {
                means[labels[unit]][i] += values[unit * width + i] * clusters / labels.length;
            }
        }
        return rows.getManager().create(means);
    }

    private int[] far(NDArray rows, int clusters) {
        int units = (int) rows.getShape().get(0);
        int[] centres = new int[clusters];
        double[] nearest = new double[units];
        Arrays.fill(nearest, 1);
        for (int c = 0; c < clusters; c++) {
            int drawn = draw(nearest);
            centres[c] = drawn;
            NDArray centre = rows.get(drawn).expandDims(0);
            float[] alike = ops.linear(rows, centre).toFloatArray();
            for (int unit = 0; unit < units; unit++) {
                double distance = Math.max(0, 2 - 2 * alike[unit]);
                nearest[unit] = c == 0 ? distance : Math.min(nearest[unit], distance);
            }
            nearest[drawn] = 0;
        }
        return centres;
    }

    /** A position with a chance proportional to its weight; the first one where all weights are 0. */
    private int draw(double[] weights) {
        double point = random.nextDouble() * Arrays.stream(weights).sum();
        for (int i = 0; i < weights.length; i++) {
            point -= weights[i];
            if (point < 0) {
                return i;
            }
        }
        return 0;
    }
}
