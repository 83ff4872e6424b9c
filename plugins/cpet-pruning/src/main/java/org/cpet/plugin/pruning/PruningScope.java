package org.cpet.plugin.pruning;

/** Among which weights the smallest are looked for. */
public enum PruningScope {
    /** All matrices together lose the share; some may lose more than others. */
    MODEL,
    /** The matrices of each layer of a stack together. */
    LAYER,
    /** Each matrix loses the same share. */
    MATRIX,
    /** Each output row of a matrix loses the same share. */
    ROW
}
