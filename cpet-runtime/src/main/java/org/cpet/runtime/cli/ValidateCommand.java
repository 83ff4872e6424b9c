package org.cpet.runtime.cli;

import java.util.concurrent.Callable;
import org.cpet.runtime.Cpet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code cpet validate}. */
@Command(
        name = "validate",
        mixinStandardHelpOptions = true,
        description = "Finds everything that is wrong with a recipe, without reading a weight.",
        footer = {"", "Example:", "  cpet validate recipes/quickstart.yaml --set pet.r=16"})
final class ValidateCommand implements Callable<Integer> {
    @Mixin
    private RecipeArgument recipe;

    @Mixin
    private Plugins plugins;

    @Override
    public Integer call() {
        try (Cpet cpet = plugins.builder().build()) {
            cpet.warnings().forEach(warning -> System.err.println("note: " + warning));
            cpet.validate(recipe.recipe());
            System.out.println("the recipe is valid");
            return 0;
        }
    }
}
