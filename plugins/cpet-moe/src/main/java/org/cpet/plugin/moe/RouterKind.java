package org.cpet.plugin.moe;

import java.util.List;

/** How the experts of a token are chosen. */
public enum RouterKind {
    /** By the distance of the token's direction to the mean direction of an expert's rows. */
    SIMILARITY("centroids", "half_squares"),
    /** By a small network that learns the experts' activation on calibration tokens. */
    MLP("first", "second");

    private final String one;
    private final String other;

    RouterKind(String one, String other) {
        this.one = one;
        this.other = other;
    }

    /** Names of its tensors for an FFN. */
    List<String> tensors(String block) {
        return List.of(block + ".router." + one, block + ".router." + other);
    }
}
