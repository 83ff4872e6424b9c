package org.cpet.spi.compress;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.Ops;

/** Shows what some layers read at the real tokens of calibration rows, on the model as it stands. */
public final class CalibrationPass {
    private final Ops ops;
    private final TransformerModel model;
    private final CountedTokens counted;
    private final long rows;

    /** @param rows how many calibration rows are used at most */
    public CalibrationPass(Ops ops, TransformerModel model, long rows) {
        this.ops = ops;
        this.model = model;
        this.counted = CountedTokens.of(model);
        this.rows = rows;
    }

    /**
     * Runs the rows through the model.
     *
     * @param readers by layer: told of [tokens, in], float32, which end with the call
     */
    public void run(CalibrationData calibration, Map<LinearSite, Consumer<NDArray>> readers) {
        long[] seen = {0};
        ops.withoutGradients(() -> {
            calibration.forEach(batch -> {
                long left = Math.min(rows - seen[0], batch.inputIds().getShape().get(0));
                if (left > 0) {
                    seen[0] += left;
                    forward(batch, left, readers);
                }
            });
            return seen;
        });
    }

    private void forward(TokenBatch batch, long used, Map<LinearSite, Consumer<NDArray>> readers) {
        List<LinearSite.Observation> observations = new ArrayList<>();
        try (Ops.Scope scope = ops.scope()) {
            TokenBatch cut = FirstRows.of(batch, used);
            readers.forEach((site, reader) -> {
                NDArray real = counted.of(site.name(), cut).reshape(-1);
                observations.add(site.observe(x -> reader.accept(real(x, real))));
            });
            model.forward(cut, ForwardMode.EXACT);
        } finally {
            observations.forEach(LinearSite.Observation::close);
        }
    }

    private NDArray real(NDArray x, NDArray real) {
        long width = x.getShape().get(x.getShape().dimension() - 1);
        NDArray inputs = ops.cast(x, DataType.FLOAT32).reshape(-1, width);
        // a classifier reads one vector of each row, and that is real
        return inputs.getShape().get(0) == real.size()
                ? ops.embedding(real.nonzero().reshape(-1), inputs)
                : inputs;
    }
}
