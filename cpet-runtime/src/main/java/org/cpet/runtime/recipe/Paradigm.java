package org.cpet.runtime.recipe;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Locale;

/** A row of the table. */
public enum Paradigm {
    /** The original model with its PET: M + P(M). */
    TEACHER("teacher", RecipeSection.PET, RecipeSection.TEACHER),
    /** The compressed model alone: C. */
    COMPRESSED("compressed as is", RecipeSection.COMPRESSION),
    /** The compressed model with a PET trained on it from scratch: C + P(C). */
    COMPRESSED_PET("compressed + PET", RecipeSection.COMPRESSION, RecipeSection.PET, RecipeSection.TRAINING),
    /** The compressed model with the teacher's PET carried over and not trained. */
    INHERITED(
            "inherited, untrained",
            RecipeSection.COMPRESSION,
            RecipeSection.PET,
            RecipeSection.TEACHER,
            RecipeSection.INHERITANCE),
    /** Inherited, recovered, distilled: C + P(C) + R. */
    CPET("CPET", RecipeSection.COMPRESSION, RecipeSection.PET, RecipeSection.TRAINING);

    private final String title;
    private final ImmutableList<RecipeSection> needs;

    Paradigm(String title, RecipeSection... needs) {
        this.title = title;
        this.needs = ImmutableList.copyOf(needs);
    }

    /** As tables show it. */
    public String title() {
        return title;
    }

    /** As recipes and files write it. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Sections it is made from, besides model and data. */
    List<RecipeSection> needs() {
        return needs;
    }
}
