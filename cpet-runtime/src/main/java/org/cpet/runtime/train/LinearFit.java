package org.cpet.runtime.train;

import ai.djl.ndarray.NDArray;
import org.cpet.spi.tensor.Ops;

/**
 * A linear map of rank r that gives on inputs X_s [tokens, in_s] what D [out_s, in_t] gives on X_t [tokens, in_t], as near as
 * least squares come. W* = argmin ‖X_s Wᵀ − X_t Dᵀ‖² + λ‖W‖² with a small λ; of it the r directions V of the output that
 * carry most of X_s W*ᵀ (its right singular vectors) are kept, which no other map of that rank does better: W = V Vᵀ W*.
 * Everything is computed from Gram matrices, in float64.
 *
 * @param up V [out_s, r]
 * @param down Vᵀ W* [r, in_s]
 * @param error ‖X_s Wᵀ − X_t Dᵀ‖ / ‖X_t Dᵀ‖, 0 where D is 0
 */
record LinearFit(NDArray up, NDArray down, double error) {
    /** λ relative to the mean square of an input column: far below what float32 activations resolve. */
    private static final double RIDGE = 1e-7;

    /**
     * Fits.
     *
     * @param students X_sᵀ X_s
     * @param crossed X_sᵀ X_t
     * @param teachers X_tᵀ X_t
     */
    static LinearFit of(Ops ops, NDArray students, NDArray crossed, NDArray teachers, NDArray map, int rank) {
        NDArray aim = crossed.matMul(map.transpose()); // [in_s, out_s]
        NDArray best = ridged(ops, students, aim).transpose(); // [out_s, in_s]
        int directions = (int) Math.min(rank, best.getShape().get(0));
        NDArray up = ops.principal(best.matMul(students).matMul(best.transpose()), directions);
        NDArray down = up.transpose().matMul(best);
        NDArray found = up.matMul(down);
        double given = product(map.matMul(teachers), map);
        double left = product(found.matMul(students), found) - 2 * product(found, aim.transpose()) + given;
        return new LinearFit(up, down, given == 0 ? 0 : Math.sqrt(Math.max(0, left) / given));
    }

    /** X with (A + λ) X = B for a Gram matrix A. */
    static NDArray ridged(Ops ops, NDArray gram, NDArray b) {
        int size = (int) gram.getShape().get(0);
        double mean = gram.mul(gram.getManager().eye(size).toType(gram.getDataType(), false))
                        .sum()
                        .getDouble()
                / size;
        NDArray ridge = gram.getManager()
                .eye(size)
                .toType(gram.getDataType(), false)
                .mul(Math.max(mean * RIDGE, Double.MIN_NORMAL));
        return ops.solve(gram.add(ridge), b);
    }

    /** Σ a ⊙ b. */
    private static double product(NDArray a, NDArray b) {
        return a.mul(b).sum().getDouble();
    }
}
