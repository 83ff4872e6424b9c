package org.cpet.runtime.recipe;

import java.nio.file.Path;
import java.util.List;
import org.cpet.runtime.config.ConfigTree;
import org.cpet.runtime.config.Overrides;
import org.cpet.runtime.config.Problems;
import org.cpet.runtime.plugin.PluginCatalog;
import org.cpet.spi.compress.Compressor;

/** Start here: from a recipe as someone wrote it to one that can be planned and run. Reads no weight. */
public final class Recipes {
    private Recipes() {}

    /**
     * Reads a recipe file and resolves it.
     *
     * @throws org.cpet.runtime.config.RecipeException with every problem at its place
     */
    public static ResolvedRecipe resolve(Path file, List<String> overrides, PluginCatalog catalog) {
        return resolve(RecipeSource.file(file), overrides, catalog);
    }

    /**
     * Resolves a recipe: every name found, every key bound, every default filled in, every file there.
     *
     * @param overrides assignments {@code a.b=c}, applied in order
     * @throws org.cpet.runtime.config.RecipeException with every problem at its place
     */
    public static ResolvedRecipe resolve(RecipeSource source, List<String> overrides, PluginCatalog catalog) {
        Problems problems = new Problems();
        ConfigTree tree = read(source, overrides, problems);
        return new RecipeBinder(tree, catalog, problems).resolve();
    }

    /**
     * Resolves a recipe that was read before, whose parts may stand in several files.
     *
     * @throws org.cpet.runtime.config.RecipeException with every problem at its place
     */
    public static ResolvedRecipe resolve(ConfigTree tree, PluginCatalog catalog) {
        return new RecipeBinder(tree, catalog, new Problems()).resolve();
    }

    /**
     * The compressors of a recipe that needs no other section; others may be there and only their names are checked.
     *
     * @throws org.cpet.runtime.config.RecipeException with every problem at its place
     */
    public static List<Configured<Compressor>> compression(
            RecipeSource source, List<String> overrides, PluginCatalog catalog) {
        Problems problems = new Problems();
        ConfigTree tree = read(source, overrides, problems);
        return new RecipeBinder(tree, catalog, problems).resolveCompression();
    }

    /** Whether a recipe names rows, which compressors may measure and models be scored on. */
    public static boolean hasData(RecipeSource source) {
        return has(source, RecipeSection.DATA);
    }

    /** Whether a recipe trains a compressed model's own weights. */
    public static boolean hasHealing(RecipeSource source) {
        return has(source, RecipeSection.HEALING);
    }

    private static boolean has(RecipeSource source, RecipeSection section) {
        return source.read(new Problems()).root().has(section.key());
    }

    private static ConfigTree read(RecipeSource source, List<String> overrides, Problems problems) {
        return new Overrides(problems).apply(source.read(problems), overrides);
    }
}
