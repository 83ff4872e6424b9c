package org.cpet.spi.lowrank;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.cpet.spi.model.Bypass;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.TrainableTensor;
import org.cpet.spi.tensor.Ops;

/**
 * One side path: Δ = scale · σ(dropout(x) Dᵀ) Uᵀ with x [.., in], D [rank, in], U [out, rank], Δ [.., out]. A pair that
 * lost some of its ranks keeps its scale.
 */
public final class LowRankPair implements Bypass {
    private final Ops ops;
    private final LowRankForm form;
    private final LinearSite site;
    private final TrainableTensor down;
    private final TrainableTensor up;
    private final int[] ranks;

    LowRankPair(Ops ops, LowRankForm form, LinearSite site, TrainableTensor down, TrainableTensor up, int[] ranks) {
        this.ops = ops;
        this.form = form;
        this.site = site;
        this.down = down;
        this.up = up;
        this.ranks = ranks;
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

    /** Which of the ranks it was made with are left, ascending. */
    public int[] ranks() {
        return ranks.clone();
    }

    /** Ranks it was made with. */
    public int originalRank() {
        return form.rank();
    }

    /** The pair with these of its original ranks only, their values copied; closes nothing. */
    LowRankPair keepRanks(int[] kept) {
        int[] positions =
                IntStream.of(kept).map(rank -> Arrays.binarySearch(ranks, rank)).toArray();
        return new LowRankPair(ops, form, site, cut(down, 0, positions), cut(up, 1, positions), kept.clone());
    }

    private TrainableTensor cut(TrainableTensor tensor, int axis, int[] positions) {
        try (NDArray values = ops.select(ops.detach(tensor.value()), axis, positions)) {
            return new TrainableTensor(tensor.name(), ops.trainable(values));
        }
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
