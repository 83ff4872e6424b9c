package org.cpet.plugin.pruning;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Counts from shares. A share is taken as the decimal number that was written, so that 0.29 of 100 is 29 and not the 28
 * that binary arithmetic gives.
 */
final class Shares {
    private Shares() {}

    /** round(n (1 − s)), halves to even, at least 1. */
    static int kept(int units, double removed) {
        BigDecimal exact = BigDecimal.ONE.subtract(BigDecimal.valueOf(removed)).multiply(BigDecimal.valueOf(units));
        return Math.max(1, exact.setScale(0, RoundingMode.HALF_EVEN).intValueExact());
    }

    /** floor(n s). */
    static int removed(int weights, double sparsity) {
        return Math.toIntExact(removed((long) weights, sparsity));
    }

    /** floor(n s) of many matrices. */
    static long removed(long weights, double sparsity) {
        BigDecimal exact = BigDecimal.valueOf(sparsity).multiply(BigDecimal.valueOf(weights));
        return exact.setScale(0, RoundingMode.FLOOR).longValueExact();
    }
}
