package org.cpet.plugin.pruning;

/** Among which weights the smallest are looked for. */
public enum PruningScope {
    /** Each matrix loses the same share. */
    MATRIX
}
