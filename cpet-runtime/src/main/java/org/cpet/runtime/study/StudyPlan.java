package org.cpet.runtime.study;

import java.util.List;
import java.util.Optional;
import org.cpet.runtime.recipe.ResolvedRecipe;

/**
 * A study laid out: nothing is wrong with any of its recipes.
 *
 * @param text of the study file
 * @param base the recipe that the variants change
 * @param variants in the order of the table
 * @param cells in the order they are run: all of a seed before those of the next
 * @param equalLatency what {@code paradigms} looks for among smaller dense models
 * @param notices what must not pass in silence
 */
public record StudyPlan(
        StudyOptions options,
        String text,
        ResolvedRecipe base,
        List<Long> seeds,
        List<Variant> variants,
        List<Cell> cells,
        Optional<EqualLatency> equalLatency,
        List<String> notices) {
    public StudyPlan {
        seeds = List.copyOf(seeds);
        variants = List.copyOf(variants);
        cells = List.copyOf(cells);
        notices = List.copyOf(notices);
    }

    /** The study's name. */
    public String name() {
        return options.name();
    }
}
