package org.cpet.plugin.moe;

/** How the experts of a token are chosen. */
public enum RouterKind {
    /** By the distance of the token's direction to the mean direction of an expert's rows. */
    SIMILARITY,
    /** By a small network that learns the experts' activation on calibration tokens. */
    MLP
}
