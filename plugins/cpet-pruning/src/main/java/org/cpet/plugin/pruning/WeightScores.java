package org.cpet.plugin.pruning;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.Map;
import org.cpet.spi.InputException;
import org.cpet.spi.model.DenseLinear;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.tensor.Ops;

/**
 * How much each weight of a layer W [out, in] matters: |w_ij|, or |w_ij| · ‖X_j‖ with the root mean square of input column
 * j over the real tokens of the calibration rows, which orders weights as the norm does (Wanda).
 *
 * @param norms for each layer's name one number per column; empty where the weights alone count
 */
record WeightScores(Ops ops, Map<String, double[]> norms) {
    /** The norms from mean squares. */
    static WeightScores of(Ops ops, Map<String, double[]> energy) {
        energy.values().forEach(means -> {
            for (int i = 0; i < means.length; i++) {
                means[i] = Math.sqrt(means[i]);
            }
        });
        return new WeightScores(ops, energy);
    }

    /** Scores [out · in], finite; their signs mean nothing. */
    float[] of(LinearSite site) {
        float[] scores = weights(site);
        double[] ofColumn = norms.get(site.name());
        if (ofColumn != null) {
            scale(scores, ofColumn);
        }
        if (!MagnitudeMask.finite(scores)) {
            throw new InputException("unstructured_pruning: weight " + (ofColumn == null ? "" : "or input ")
                    + "of layer " + site.name() + "; found NaN or infinity; allowed finite numbers");
        }
        return scores;
    }

    /** w_ij ← w_ij · norm_j. */
    static void scale(float[] weights, double[] norms) {
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) (weights[i] * norms[i % norms.length]);
        }
    }

    /** The weight of a dense layer as float32. */
    float[] weights(LinearSite site) {
        try (Ops.Scope scope = ops.scope()) {
            NDArray weight = ((DenseLinear) site.op()).weight();
            return ops.cast(weight, DataType.FLOAT32).toFloatArray();
        }
    }
}
