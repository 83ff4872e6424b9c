package org.cpet.plugin.moe;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import org.cpet.spi.model.FeedForwardSite;
import org.cpet.spi.tensor.Ops;

/** What routers try to foresee: s_e(x) = Σ over the neurons j of expert e of ReLU(w_j · x + b_j). */
final class ExpertScores {
    private ExpertScores() {}

    /** h [tokens, units], of float32 x [tokens, hidden]. */
    static NDArray hidden(Ops ops, FeedForwardSite block, NDArray x) {
        NDArray h = ops.linear(x, ops.cast(block.ins().get(0).op().weight(), DataType.FLOAT32));
        for (NDArray bias : block.ins().get(0).op().bias()) {
            h = h.add(ops.cast(bias, DataType.FLOAT32));
        }
        return ops.activation(h, block.activation());
    }

    /** s [tokens, experts], where neurons lie expert by expert. */
    static NDArray of(Ops ops, FeedForwardSite block, NDArray x, int experts) {
        NDArray h = hidden(ops, block, x);
        return h.reshape(h.getShape().get(0), experts, h.getShape().get(1) / experts)
                .sum(new int[] {2});
    }

    /** Σ of the true scores of the k experts that {@code guess} puts first, over Σ of all; 1 where nothing is active. */
    static double captured(NDArray truth, NDArray guess, int k) {
        NDArray first = guess.topK(k, -1, true, true).get(1);
        double all = truth.sum().getFloat();
        return all == 0 ? 1 : truth.gather(first, 1).sum().getFloat() / all;
    }
}
