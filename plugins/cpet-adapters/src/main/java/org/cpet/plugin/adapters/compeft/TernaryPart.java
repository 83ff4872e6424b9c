package org.cpet.plugin.adapters.compeft;

import org.cpet.plugin.adapters.ternary.TernaryMask;

/**
 * Signs that share a scale: those of all tensors, or of one.
 *
 * @param sigma σ, before α
 */
public record TernaryPart(TernaryMask mask, double sigma) {
    /** What a kept entry becomes. */
    public float scale(double alpha) {
        return (float) (alpha * sigma);
    }
}
