package org.cpet.runtime.study;

import java.util.List;
import java.util.Map;
import org.cpet.runtime.recipe.Paradigm;
import org.cpet.runtime.recipe.ResolvedRecipe;

/**
 * One run of a study; several variants may read their rows from it.
 *
 * @param key hash of the resolved recipe and of every file it reads
 * @param variants that need it, by name
 * @param stages what each stage of the run depends on, as a hash, in the order of the algorithm
 */
public record Cell(String key, long seed, List<String> variants, ResolvedRecipe recipe, Map<Paradigm, String> stages) {
    public Cell {
        variants = List.copyOf(variants);
    }

    /** As progress and reports name it. */
    public String title() {
        return String.join(" / ", variants) + ", seed " + seed;
    }
}
