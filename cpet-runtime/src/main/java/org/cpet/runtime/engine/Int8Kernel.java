package org.cpet.runtime.engine;

import java.util.Locale;

/**
 * Ways to compute y = x Wᵀ with int8 weights, one scale per row, and activations quantised per token. Which is fastest
 * differs by a factor of ten and more between processors, so it is measured.
 */
public enum Int8Kernel {
    /** int8 × int8 → int32: exact. */
    INT_MM,
    /** fbgemm's dynamic linear layer; its per-tensor scale becomes uniform because tokens are scaled first. */
    LINEAR_DYNAMIC,
    /** The same with 7-bit activations, for processors whose 8-bit products saturate. */
    LINEAR_DYNAMIC_7BIT,
    /** Codes held as bfloat16, which represents them exactly; the result is rounded to 8 bits. */
    BFLOAT16_CODES,
    /** Codes held as float32: exact while sums stay below 2²⁴. */
    FLOAT32_CODES;

    /** As files and tables write it. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether the result equals the exact path's but for float32 rounding. */
    public boolean isExact() {
        return this == INT_MM || this == FLOAT32_CODES;
    }
}
