package org.cpet.plugin.moe;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.model.FeedForwardSite;
import org.cpet.spi.tensor.Ops;

/**
 * How often neurons are active together. For each batch of 8 tokens min(1, Σ h_i h_j) is added to a_ij; the edge weight is
 * ⌊a_ij / t⌋ with t = 0.99 times the first of the 10 %, 20 %, ... quantiles of a that is not 0.
 */
final class CoactivationGraph {
    private static final int BATCH = 8;
    private static final int MOST_UNITS = 8_192;

    private final Ops ops;

    CoactivationGraph(Ops ops) {
        this.ops = ops;
    }

    /** Weights [units, units], row by row; 0 on the diagonal. */
    float[] edges(FeedForwardSite block, float[][] tokens) {
        if (block.units() > MOST_UNITS) {
            throw new CpetException(
                    ExitCode.RECIPE,
                    MoeficationFactory.NAME + ": clustering of FFN " + block.name() + "; found coactivation for "
                            + block.units() + " neurons; allowed up to " + MOST_UNITS + ", or clustering: parameters");
        }
        return weights(counts(block, tokens), block.units());
    }

    private float[] counts(FeedForwardSite block, float[][] tokens) {
        try (Ops.Scope scope = ops.scope()) {
            NDArray h = ExpertScores.hidden(ops, block, Moefication.matrix(block, tokens));
            NDArray sum = h.getManager().zeros(new Shape(block.units(), block.units()));
            for (int begin = 0; begin < tokens.length; begin += BATCH) {
                try (Ops.Scope step = ops.scope()) {
                    NDArray batch = h.get(new NDIndex("{}:{}", begin, Math.min(begin + BATCH, tokens.length)));
                    sum.addi(batch.transpose().matMul(batch).minimum(1));
                }
            }
            return sum.toFloatArray();
        }
    }

    static float[] weights(float[] counts, int units) {
        float[] edges = counts.clone();
        for (int unit = 0; unit < units; unit++) {
            edges[unit * units + unit] = 0;
        }
        double threshold = threshold(counts);
        for (int i = 0; i < edges.length; i++) {
            edges[i] = threshold == 0 ? 0 : (float) Math.floor(edges[i] / threshold);
        }
        return edges;
    }

    private static double threshold(float[] counts) {
        float[] sorted = counts.clone();
        Arrays.sort(sorted);
        for (int tenth = 1; tenth <= 10; tenth++) {
            float quantile = sorted[(int) ((long) (sorted.length - 1) * tenth / 10)];
            if (quantile > 0) {
                return 0.99 * quantile;
            }
        }
        return 0;
    }
}
