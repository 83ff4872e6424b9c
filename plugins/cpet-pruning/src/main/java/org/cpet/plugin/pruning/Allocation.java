package org.cpet.plugin.pruning;

/** How the units that stay are shared out among the layers. */
public enum Allocation {
    /** Every layer keeps the same share. */
    UNIFORM,
    /** The best of all layers stay, at least one in each. */
    FREE
}
