package org.cpet.plugin.quantization.grouped;

/** Which range of a group its codes cover. */
public enum RangeSearch {
    /** From the smallest weight to the largest, 0 included. */
    MINMAX,
    /** The best of 80 shares of that range, 1, 0.99, ..., 0.21, by Σ|w − ŵ|^2.4. */
    GRID
}
