package org.cpet.plugin.pruning;

import ai.djl.ndarray.NDArray;
import org.cpet.spi.tensor.Ops;

/**
 * The hard-concrete distribution of a gate z in [0, 1] with a logit a: s = σ((ln(u/(1−u)) + a) / β) for u uniform in (0,
 * 1), stretched to (γ, ζ) = (−0.1, 1.1) and cut: z = min(1, max(0, s (ζ − γ) + γ)); β = 2/3. The stretch is what makes
 * exact zeros and ones likely.
 */
final class HardConcrete {
    private static final double GAMMA = -0.1;
    private static final double ZETA = 1.1;
    private static final double BETA = 2.0 / 3;
    private static final double EPSILON = 1e-6;
    /** β ln(−γ/ζ): what the logit of P(z ≠ 0) is below a. */
    private static final double SHIFT = BETA * Math.log(-GAMMA / ZETA);

    private HardConcrete() {}

    /** The logit of a gate that is zero with probability {@code sparsity}. */
    static double logit(double sparsity) {
        return Math.log((1 - sparsity) / sparsity) + SHIFT;
    }

    /** P(z ≠ 0) = σ(a − β ln(−γ/ζ)). */
    static NDArray density(Ops ops, NDArray logits) {
        return sigmoid(ops, logits.sub((float) SHIFT));
    }

    /** z for a draw; keeps the gradient of the logits. */
    static NDArray sample(Ops ops, NDArray logits, NDArray noise) {
        return stretched(ops, sigmoid(ops, ops.scale(logits.add(noise), 1 / BETA)));
    }

    /** The gate without chance: min(1, max(0, σ(a) (ζ − γ) + γ)). */
    static NDArray settled(Ops ops, NDArray logits) {
        return stretched(ops, sigmoid(ops, logits));
    }

    /** ln(u/(1−u)) for a u in [0, 1), which is first brought into [ε, 1 − ε]. */
    static double noise(double uniform) {
        double u = EPSILON + uniform * (1 - 2 * EPSILON);
        return Math.log(u / (1 - u));
    }

    private static NDArray stretched(Ops ops, NDArray s) {
        return ops.scale(s, ZETA - GAMMA).add((float) GAMMA).clip(0, 1);
    }

    private static NDArray sigmoid(Ops ops, NDArray x) {
        return ops.scale(ops.scale(x, 0.5).tanh().add(1), 0.5);
    }
}
