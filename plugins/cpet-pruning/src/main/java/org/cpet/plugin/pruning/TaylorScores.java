package org.cpet.plugin.pruning;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.compress.CalibrationData;
import org.cpet.spi.compress.CountedTokens;
import org.cpet.spi.compress.FirstRows;
import org.cpet.spi.loss.TaskLoss;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.Ops;

/**
 * First-order importance of units: score_u = mean over rows of |∂L/∂z_u| with a gate z_u = 1 of the row's own before the
 * layer that reads unit u. The loss without the unit is L − ∂L/∂z_u to first order; for the weights w that read it,
 * ∂L/∂z_u = Σ w · ∂L/∂w.
 */
final class TaylorScores {
    private final Ops ops;
    private final TransformerModel model;
    private final CountedTokens counted;
    private final long rows;
    private long seen;

    /** @param rows how many calibration rows are used at most */
    TaylorScores(Ops ops, TransformerModel model, long rows) {
        this.ops = ops;
        this.model = model;
        this.counted = CountedTokens.of(model);
        this.rows = rows;
    }

    /** One score per unit for each gate, by the name of the layer behind it. */
    Map<String, double[]> measure(List<UnitGate> gates, CalibrationData calibration) {
        Map<String, List<UnitGate>> groups = new LinkedHashMap<>();
        gates.forEach(gate -> groups.put(gate.reader().name(), List.of(gate)));
        return measure(groups, calibration);
    }

    /** One score per unit for each group of gates before layers that read the same units, by the group's name. */
    Map<String, double[]> measure(Map<String, List<UnitGate>> groups, CalibrationData calibration) {
        TaskLoss loss = calibration.taskLoss().orElseThrow(() -> unlabelled("no labels"));
        Map<String, double[]> sums = new LinkedHashMap<>();
        groups.forEach((name, group) -> sums.put(name, new double[group.get(0).units()]));
        List<UnitGate> gates = groups.values().stream().flatMap(List::stream).toList();
        gates.forEach(gate -> gate.reader().addInput(gate));
        try {
            calibration.forEach(batch -> add(groups, batch, loss, sums));
        } finally {
            gates.forEach(gate -> gate.reader().removeInput(gate));
        }
        if (seen == 0) {
            throw unlabelled("0 rows");
        }
        sums.values().forEach(scores -> {
            for (int unit = 0; unit < scores.length; unit++) {
                scores[unit] /= seen;
            }
        });
        return sums;
    }

    private void add(Map<String, List<UnitGate>> groups, TokenBatch batch, TaskLoss loss, Map<String, double[]> sums) {
        long left = Math.min(rows - seen, batch.inputIds().getShape().get(0));
        if (left == 0) {
            return;
        }
        seen += left;
        try (NDManager leaves = model.manager().newSubManager();
                Ops.Scope scope = ops.scope()) {
            TokenBatch used = FirstRows.of(batch, left);
            Map<String, NDArray> open = new LinkedHashMap<>();
            groups.forEach((name, group) -> {
                NDArray leaf =
                        ops.trainable(leaves.ones(new Shape(left, group.get(0).units())));
                group.forEach(gate -> gate.open(leaf, counted.of(gate.reader().name(), used)));
                open.put(name, leaf);
            });
            // the loss is a mean over the rows
            ops.backward(ops.withGradients(() ->
                    ops.scale(loss.loss(model.forward(used, ForwardMode.EXACT), used), (double) left)));
            open.forEach((name, leaf) -> add(ops.gradient(leaf), Objects.requireNonNull(sums.get(name))));
            open.values().forEach(NDArray::close);
        }
    }

    /** sums_u += Σ |g| over the rows of g [batch, units]. */
    private void add(NDArray gradient, double[] sums) {
        double[] found =
                ops.cast(gradient.abs().sum(new int[] {0}), DataType.FLOAT64).toDoubleArray();
        for (int unit = 0; unit < sums.length; unit++) {
            sums[unit] += found[unit];
        }
    }

    static CpetException unlabelled(String found) {
        return new CpetException(
                ExitCode.RECIPE,
                "structured_pruning: this criterion needs the task's loss on calibration rows; found " + found
                        + "; allowed criterion: magnitude or activation, or data with labelled training rows");
    }
}
