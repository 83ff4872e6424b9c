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
 * Σ ‖x − y‖² over the counted positions, in float32. The difference is kept and its gradient, 2 g (x − y), written over
 * it, so that a large vocabulary costs one tensor of its size.
 */
final class SquaredDistance implements CustomFunction {
    private final Ops ops;
    private final NDArray x;
    private final NDArray y;
    private final Optional<NDArray> counted;
    private final DataType type;
    private NDArray kept;

    /** @param counted boolean [batch, positions], absent where every element counts */
    SquaredDistance(Ops ops, NDArray x, NDArray y, Optional<NDArray> counted) {
        this.ops = ops;
        this.x = x;
        this.y = y;
        this.counted = counted;
        this.type = x.getDataType();
        this.kept = x;
    }

    @Override
    public NDArray forward(UnaryOperator<NDArray> keep) {
        NDArray difference = ops.cast(x, DataType.FLOAT32).sub(ops.cast(y, DataType.FLOAT32));
        // padding is undefined, NaN included, and NaN · 0 is NaN: so it is replaced before squaring, not multiplied
        // away
        NDArray real =
                counted.map(mask -> SquaredDistance.orZero(mask, difference)).orElse(difference);
        kept = keep.apply(real);
        NDArray flat = real.flatten();
        return flat.dot(flat);
    }

    private static NDArray orZero(NDArray mask, NDArray difference) {
        return NDArrays.where(mask.expandDims(2).broadcast(difference.getShape()), difference, difference.zerosLike());
    }

    @Override
    public List<NDArray> backward(NDArray gradient) {
        return List.of(ops.cast(kept.muli(gradient.mul(2)), type));
    }
}
