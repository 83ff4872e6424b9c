package org.cpet.plugin.moe;

/** How neurons are put together into experts. */
public enum Clustering {
    /** By their weights: balanced k-means of the normalised rows of the layer in. */
    PARAMETERS,
    /** By firing together on calibration tokens: a balanced partition of the co-activation graph. */
    COACTIVATION,
    /** Neighbours as they stand: the baseline. */
    CONTIGUOUS
}
