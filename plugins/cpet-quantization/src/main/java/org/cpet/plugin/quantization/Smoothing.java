package org.cpet.plugin.quantization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.compress.CalibrationData;
import org.cpet.spi.compress.CalibrationPass;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.Ops;

/**
 * SmoothQuant's migration: s_j = max|X_j|^α / max|W_j|^(1−α) for each input column j, at least 1e-5; the layer rounds X / s
 * and W ⊙ s, whose product is X Wᵀ. The division stays inside the layer, so that side paths read the input that they were
 * trained on.
 *
 * @param alpha how much of the range moves
 * @param rows calibration rows used at most
 */
record Smoothing(Ops ops, double alpha, long rows) {
    private static final double LEAST = 1e-5;

    /** s by layer, for what the layers of {@code sites} read at the calibration rows' tokens. */
    Map<String, float[]> measure(TransformerModel model, List<LinearSite> sites, CalibrationData calibration) {
        Map<String, float[]> largest = new LinkedHashMap<>();
        Map<LinearSite, Consumer<NDArray>> readers = new LinkedHashMap<>();
        for (LinearSite site : sites) {
            readers.put(
                    site,
                    x -> raise(
                            largest.computeIfAbsent(
                                    site.name(), name -> new float[site.op().in()]),
                            x));
        }
        new CalibrationPass(ops, model, rows).run(calibration, readers);
        Map<String, float[]> scales = new LinkedHashMap<>();
        for (LinearSite site : sites) {
            float[] inputs = largest.get(site.name());
            if (inputs == null) {
                throw new CpetException(
                        ExitCode.RECIPE,
                        "int8: no calibration token reaches layer " + site.name()
                                + "; found 0 tokens; allowed no smooth, or data with training rows");
            }
            try (Ops.Scope scope = ops.scope()) {
                float[] weights = columns(site.op().weight());
                scales.put(site.name(), scales(inputs, weights, alpha));
            }
        }
        return scales;
    }

    /** s from the largest magnitudes of each column of X and W; 1 for a column that is 0 in either. */
    static float[] scales(float[] inputs, float[] weights, double alpha) {
        float[] scales = new float[inputs.length];
        for (int i = 0; i < scales.length; i++) {
            boolean silent = inputs[i] == 0 || weights[i] == 0;
            double scale = Math.pow(inputs[i], alpha) / Math.pow(weights[i], 1 - alpha);
            scales[i] = silent ? 1 : (float) Math.max(LEAST, scale);
        }
        return scales;
    }

    private static void raise(float[] largest, NDArray x) {
        if (x.getShape().get(0) > 0) {
            float[] found = columns(x);
            for (int i = 0; i < largest.length; i++) {
                largest[i] = Math.max(largest[i], found[i]);
            }
        }
    }

    private static float[] columns(NDArray values) {
        return values.abs().max(new int[] {0}).toType(DataType.FLOAT32, false).toFloatArray();
    }
}
