package org.cpet.plugin.pruning;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.compress.CalibrationData;
import org.cpet.spi.compress.CountedTokens;
import org.cpet.spi.compress.FirstRows;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.Ops;

/**
 * mean(x_j²) of the inputs x [batch, tokens, in] of some layers, over the real tokens of the calibration rows. The sums
 * stay on the device until all rows are through.
 */
final class ActivationEnergy {
    private final String method;
    private final Ops ops;
    private final TransformerModel model;
    private final CountedTokens counted;
    private final long rows;
    private long seen;

    /**
     * Made for one measurement.
     *
     * @param method what messages name
     * @param rows how many calibration rows are used at most
     */
    ActivationEnergy(String method, Ops ops, TransformerModel model, long rows) {
        this.method = method;
        this.ops = ops;
        this.model = model;
        this.counted = CountedTokens.of(model);
        this.rows = rows;
    }

    /**
     * Runs the rows through the model.
     *
     * @return for each layer's name, one number per input column
     */
    Map<String, double[]> measure(List<LinearSite> sites, CalibrationData calibration) {
        try (NDManager owner = model.manager().newSubManager()) {
            Map<LinearSite, Sums> sums = new LinkedHashMap<>();
            sites.forEach(site -> sums.put(site, Sums.zero(owner, site.op().in())));
            ops.withoutGradients(() -> {
                calibration.forEach(batch -> forward(batch, sums));
                return sums;
            });
            Map<String, double[]> means = new LinkedHashMap<>();
            sums.forEach((site, sum) -> means.put(site.name(), sum.means(method, site.name())));
            return means;
        }
    }

    private void forward(TokenBatch batch, Map<LinearSite, Sums> sums) {
        long left = Math.min(rows - seen, batch.inputIds().getShape().get(0));
        if (left == 0) {
            return;
        }
        seen += left;
        try (Ops.Scope scope = ops.scope()) {
            TokenBatch used = FirstRows.of(batch, left);
            List<LinearSite.Observation> observations = new ArrayList<>();
            try {
                sums.forEach((site, sum) -> {
                    NDArray real = counted.of(site.name(), used);
                    observations.add(site.observe(x -> sum.add(ops, x, real)));
                });
                model.forward(used, ForwardMode.EXACT);
            } finally {
                observations.forEach(LinearSite.Observation::close);
            }
        }
    }

    /** Σ x² [in] and the number of tokens, both float64. */
    private record Sums(NDArray squares, NDArray tokens) {
        static Sums zero(NDManager owner, int in) {
            return new Sums(owner.zeros(new Shape(in), DataType.FLOAT64), owner.zeros(new Shape(), DataType.FLOAT64));
        }

        /** Padding is replaced, not multiplied by zero: it may hold NaN. */
        void add(Ops ops, NDArray x, NDArray real) {
            NDArray square =
                    ops.cast(x, DataType.FLOAT32).reshape(-1, squares.size()).square();
            NDArray counts = real.reshape(-1, 1).broadcast(square.getShape());
            NDArray sum = NDArrays.where(counts, square, square.zerosLike()).sum(new int[] {0});
            squares.addi(ops.cast(sum, DataType.FLOAT64));
            tokens.addi(ops.cast(real, DataType.FLOAT64).sum());
        }

        double[] means(String method, String layer) {
            double count = tokens.getDouble();
            if (count == 0) {
                throw new CpetException(
                        ExitCode.RECIPE,
                        method + ": no calibration token reaches layer " + layer
                                + "; found 0 tokens; allowed criterion: magnitude, or data with training rows");
            }
            double[] means = squares.toDoubleArray();
            for (int i = 0; i < means.length; i++) {
                means[i] /= count;
            }
            return means;
        }
    }
}
