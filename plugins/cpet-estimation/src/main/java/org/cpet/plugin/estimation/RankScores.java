package org.cpet.plugin.estimation;

import ai.djl.ndarray.NDArray;
import org.cpet.spi.pet.RankedPet.Part;
import org.cpet.spi.tensor.Ops;

/** I_r = |mean_j A_rj ∂A_rj| + |mean_i B_ir ∂B_ir| for each rank r: what the loss would change without it, to first order. */
record RankScores(Ops ops, Importance importance) {
    /** I [rank] from the present values and gradients. */
    NDArray of(Part part) {
        return score(part.down().value(), 1).add(score(part.up().value(), 0));
    }

    private NDArray score(NDArray leaf, int axis) {
        NDArray terms = ops.detach(leaf).mul(ops.gradient(leaf));
        return importance == Importance.MEAN_THEN_ABS
                ? terms.mean(new int[] {axis}).abs()
                : terms.abs().mean(new int[] {axis});
    }
}
