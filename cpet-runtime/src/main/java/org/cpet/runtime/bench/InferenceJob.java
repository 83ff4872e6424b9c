package org.cpet.runtime.bench;

import ai.djl.ndarray.NDArray;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.Ops;

/** Forward passes with all logits. */
final class InferenceJob implements BenchJob {
    private final TransformerModel model;
    private final WorkloadRows rows;
    private final Ops ops;
    private long steps;

    InferenceJob(TransformerModel model, WorkloadRows rows, Ops ops) {
        this.model = model;
        this.rows = rows;
        this.ops = ops;
    }

    static InferenceJob build(BenchRequest request, BenchModels models, WorkloadRows rows, Ops ops) {
        Workload shape = request.mode() == BenchMode.INFER_HALF_FFN_HEADS
                ? request.shape().half()
                : request.shape();
        TransformerModel model = models.dense(shape, request.type());
        if (request.mode().int8()) {
            models.quantize(model);
        } else if (request.mode().w4()) {
            models.pack(model);
        }
        return new InferenceJob(model, rows, ops);
    }

    @Override
    @SuppressWarnings("try") // the scope frees what the pass makes
    public double step() {
        int batch = (int) (steps++ % rows.microBatches());
        try (Ops.Scope scope = ops.scope()) {
            return ops.withoutGradients(() -> {
                NDArray logits = model.forward(rows.collate(rows.rows(0, batch)).tokens(), ForwardMode.DEPLOYED)
                        .requireLogits();
                return (double) ops.cast(logits.flatten().get("0:1"), ai.djl.ndarray.types.DataType.FLOAT32)
                        .getFloat();
            });
        }
    }

    @Override
    public long parameters() {
        return model.tensors().stream()
                .mapToLong(tensor -> tensor.value().size())
                .sum();
    }

    @Override
    public void close() {
        model.close();
    }
}
