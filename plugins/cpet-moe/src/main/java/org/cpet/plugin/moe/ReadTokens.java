package org.cpet.plugin.moe;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.compress.CalibrationData;
import org.cpet.spi.compress.CalibrationPass;
import org.cpet.spi.model.FeedForwardSite;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.Ops;

/** What the FFNs of a model read at the first real tokens of the calibration rows: behind their norm, as routers will. */
record ReadTokens(Ops ops, MoeficationOptions options) {
    /** By the name of the layer in, rows [tokens, hidden]. */
    Map<String, float[][]> collect(TransformerModel model, CalibrationData calibration) {
        Map<String, List<float[]>> found = new LinkedHashMap<>();
        Map<LinearSite, Consumer<NDArray>> readers = new LinkedHashMap<>();
        for (FeedForwardSite block : model.feedForwards()) {
            LinearSite in = block.ins().get(0);
            List<float[]> rows = new ArrayList<>();
            found.put(in.name(), rows);
            readers.put(in, x -> add(rows, x));
        }
        new CalibrationPass(ops, model, options.calibrationRows()).run(calibration, readers);
        Map<String, float[][]> tokens = new LinkedHashMap<>();
        found.forEach((name, rows) -> {
            if (rows.isEmpty()) {
                throw new CpetException(
                        ExitCode.RECIPE,
                        MoeficationFactory.NAME + ": no calibration token reaches layer " + name
                                + "; found 0 tokens; allowed clustering: parameters with router: similarity, or data with"
                                + " training rows");
            }
            tokens.put(name, rows.toArray(float[][]::new));
        });
        return tokens;
    }

    private void add(List<float[]> rows, NDArray x) {
        if (rows.size() >= options.calibrationTokens()) {
            return;
        }
        int width = (int) x.getShape().get(1);
        float[] values = x.toFloatArray();
        for (int begin = 0; begin < values.length && rows.size() < options.calibrationTokens(); begin += width) {
            float[] row = new float[width];
            System.arraycopy(values, begin, row, 0, width);
            rows.add(row);
        }
    }
}
