package org.cpet.spi.lowrank;

import ai.djl.ndarray.NDArray;
import org.cpet.spi.model.Bypass;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.TrainableTensor;
import org.cpet.spi.tensor.Ops;

/** One side path: Δ = scale · σ(dropout(x) Dᵀ) Uᵀ with x [.., in], D [rank, in], U [out, rank], Δ [.., out]. */
public final class LowRankPair implements Bypass {
    private final Ops ops;
    private final LowRankForm form;
    private final LinearSite site;
    private final TrainableTensor down;
    private final TrainableTensor up;

    LowRankPair(Ops ops, LowRankForm form, LinearSite site, TrainableTensor down, TrainableTensor up) {
        this.ops = ops;
        this.form = form;
        this.site = site;
        this.down = down;
        this.up = up;
    }

    /** The layer it stands beside. */
    public LinearSite site() {
        return site;
    }

    /** D [rank, in]. */
    public TrainableTensor down() {
        return down;
    }

    /** U [out, rank]. */
    public TrainableTensor up() {
        return up;
    }

    @Override
    public NDArray apply(NDArray x, ForwardMode mode) {
        return ops.bottleneck(dropped(x, mode), down.value(), up.value(), form.scale(), form.activation());
    }

    @Override
    public NDArray addTo(NDArray y, NDArray x, ForwardMode mode) {
        return ops.addBottleneck(y, dropped(x, mode), down.value(), up.value(), form.scale(), form.activation());
    }

    private NDArray dropped(NDArray x, ForwardMode mode) {
        return mode.training() && form.dropout() > 0 ? ops.dropout(x, form.dropout()) : x;
    }
}
