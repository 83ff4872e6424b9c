package org.cpet.runtime.study;

import org.cpet.runtime.config.ConfigNode;
import org.cpet.runtime.config.ConfigNode.Scalar;
import org.cpet.runtime.config.ConfigTree;
import org.cpet.runtime.config.Place;
import org.cpet.runtime.config.Problems;
import org.cpet.runtime.config.RecipeReader;
import org.cpet.runtime.recipe.ResolvedRecipe;
import org.cpet.runtime.study.Variant.Change;

/**
 * A study file, read.
 *
 * @param base the recipe as written, with what the study sets in all cells
 * @param recipe the same, resolved
 */
record StudyFile(ConfigTree tree, StudyOptions options, ConfigTree base, ResolvedRecipe recipe) {
    /** Where the study says which one it is. */
    Place place() {
        return tree.place("study");
    }

    /** A change that a built-in study makes by itself; {@code value} is YAML. */
    Change change(String key, String value) {
        return new Change(key, RecipeReader.value(place(), value, new Problems()));
    }

    /** Takes a section or key out. */
    Change without(String key) {
        return new Change(key, nothing(place()));
    }

    static ConfigNode nothing(Place place) {
        return new Scalar(place, "null", "null", true);
    }
}
