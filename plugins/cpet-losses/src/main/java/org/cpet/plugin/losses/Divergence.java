package org.cpet.plugin.losses;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.types.DataType;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.cpet.spi.tensor.CustomFunction;
import org.cpet.spi.tensor.Ops;

/**
 * T² Σ p (log p − log q) over the counted positions with p = softmax(y / T), q = softmax(x / T), in float32. Kept for the
 * gradient, T g (q − p), is one tensor of the logits' size.
 */
final class Divergence implements CustomFunction {
    private final Ops ops;
    private final NDArray x;
    private final NDArray y;
    private final Optional<NDArray> counted;
    private final double temperature;
    private final DataType type;
    private NDArray kept;

    /** @param counted boolean [batch, positions], absent where every row of logits counts */
    Divergence(Ops ops, NDArray x, NDArray y, Optional<NDArray> counted, double temperature) {
        this.ops = ops;
        this.x = x;
        this.y = y;
        this.counted = counted;
        this.temperature = temperature;
        this.type = x.getDataType();
        this.kept = x;
    }

    @Override
    public NDArray forward(UnaryOperator<NDArray> keep) {
        NDArray q = logs(x);
        NDArray p = logs(y);
        NDArray likely = p.exp();
        kept = keep.apply(real(q.exp().sub(likely)));
        return real(likely.mul(p.sub(q))).sum().mul((float) (temperature * temperature));
    }

    /** log softmax(z / T), uncounted positions included: they may be anything, NaN too, and are replaced afterwards. */
    private NDArray logs(NDArray logits) {
        return ops.logSoftmax(ops.cast(logits, DataType.FLOAT32).div((float) temperature));
    }

    private NDArray real(NDArray values) {
        return counted.map(mask ->
                        NDArrays.where(mask.expandDims(2).broadcast(values.getShape()), values, values.zerosLike()))
                .orElse(values);
    }

    @Override
    public List<NDArray> backward(NDArray gradient) {
        return List.of(ops.cast(kept.muli(gradient.mul((float) temperature)), type));
    }
}
