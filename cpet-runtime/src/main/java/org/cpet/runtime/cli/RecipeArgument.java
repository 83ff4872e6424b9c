package org.cpet.runtime.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.cpet.runtime.Recipe;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The recipe a command works on, with keys changed for this call. */
final class RecipeArgument {
    @Parameters(paramLabel = "RECIPE", description = "recipe file")
    private Path file;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "change a key of the recipe, as pet.r=16; may be repeated")
    private List<String> overrides = new ArrayList<>();

    Recipe recipe() {
        Recipe recipe = Recipe.file(file);
        for (String assignment : overrides) {
            recipe = recipe.with(assignment);
        }
        return recipe;
    }
}
