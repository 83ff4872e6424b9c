package org.cpet.runtime.recipe;

import java.util.Locale;

/** A row of the table. */
public enum Paradigm {
    /** The original model with its PET: M + P(M). */
    TEACHER("teacher"),
    /** The compressed model alone: C. */
    COMPRESSED("compressed as is"),
    /** The compressed model with a PET trained on it from scratch: C + P(C). */
    COMPRESSED_PET("compressed + PET"),
    /** The compressed model with the teacher's PET carried over and not trained. */
    INHERITED("inherited, untrained"),
    /** Inherited, recovered, distilled: C + P(C) + R. */
    CPET("CPET");

    private final String title;

    Paradigm(String title) {
        this.title = title;
    }

    /** As tables show it. */
    public String title() {
        return title;
    }

    /** As recipes and files write it. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
