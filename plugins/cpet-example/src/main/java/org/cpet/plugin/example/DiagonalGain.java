package org.cpet.plugin.example;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import org.cpet.spi.model.Bypass;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.TrainableTensor;
import org.cpet.spi.tensor.Ops;

/** The path beside one layer: Δ = (g ⊙ x_1..n, 0, ...) with n = min(in, out); x [.., in], Δ [.., out]. */
record DiagonalGain(Ops ops, LinearSite site, TrainableTensor gain) implements Bypass {
    @Override
    public NDArray apply(NDArray x, ForwardMode mode) {
        long channels = gain.value().size();
        NDArray scaled = x.get(new NDIndex("..., 0:{}", channels)).mul(ops.cast(gain.value(), x.getDataType()));
        long missing = site.op().out() - channels;
        return missing == 0 ? scaled : NDArrays.concat(new NDList(scaled, zeros(scaled, missing)), -1);
    }

    /** Zeros [.., count] in the type of {@code like}. */
    private NDArray zeros(NDArray like, long count) {
        Shape shape = like.getShape().slice(0, like.getShape().dimension() - 1).add(count);
        NDArray zeros = like.getManager().zeros(shape); // zeros, not create: that leaves memory as it was
        return ops.cast(zeros, like.getDataType());
    }
}
