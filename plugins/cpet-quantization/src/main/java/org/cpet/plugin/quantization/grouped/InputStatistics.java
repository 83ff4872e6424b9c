package org.cpet.plugin.quantization.grouped;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cpet.spi.compress.CalibrationData;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.Ops;

/** Runs calibration rows through a model and sums up what some of its layers read. */
final class InputStatistics {
    private final Ops ops;
    private final TransformerModel model;
    private final CountedInputs counted;
    private final long rows;
    private long seen;

    /** @param rows used at most */
    InputStatistics(Ops ops, TransformerModel model, long rows) {
        this.ops = ops;
        this.model = model;
        this.counted = CountedInputs.of(model);
        this.rows = rows;
    }

    /** The Hessian of each layer, which {@code owner} frees. */
    Map<LinearSite, Hessian> measure(NDManager owner, List<LinearSite> sites, CalibrationData calibration) {
        Map<LinearSite, Hessian> hessians = new LinkedHashMap<>();
        sites.forEach(site -> hessians.put(site, Hessian.zero(owner, site.op().in())));
        ops.withoutGradients(() -> {
            calibration.forEach(batch -> forward(batch, hessians));
            return hessians;
        });
        return hessians;
    }

    private void forward(TokenBatch batch, Map<LinearSite, Hessian> hessians) {
        long used = Math.min(rows - seen, batch.inputIds().getShape().get(0));
        if (used == 0) {
            return;
        }
        seen += used;
        List<LinearSite.Observation> observations = new ArrayList<>();
        try (Ops.Scope scope = ops.scope()) {
            hessians.forEach((site, hessian) -> {
                NDArray real = first(counted.of(site.name(), batch), used);
                observations.add(site.observe(x -> hessian.add(ops, first(x, used), real)));
            });
            model.forward(batch, ForwardMode.EXACT);
        } finally {
            observations.forEach(LinearSite.Observation::close);
        }
    }

    private static NDArray first(NDArray x, long rows) {
        return x.getShape().get(0) == rows ? x : x.get(new NDIndex("0:" + rows));
    }
}
