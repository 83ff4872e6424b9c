package org.cpet.runtime.cli;

import java.util.concurrent.Callable;
import org.cpet.runtime.plugin.PluginCatalog;
import org.cpet.runtime.recipe.RecipeSchema;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code cpet schema}. */
@Command(
        name = "schema",
        mixinStandardHelpOptions = true,
        description = "Prints a JSON Schema of recipes, with the methods of all plugins, for editors.",
        footer = {"", "Example:", "  cpet schema > recipe.schema.json"})
final class SchemaCommand implements Callable<Integer> {
    @Mixin
    private Plugins plugins;

    @Override
    public Integer call() {
        try (PluginCatalog catalog = plugins.open()) {
            System.out.println(Json.write(RecipeSchema.of(catalog)));
            return 0;
        }
    }
}
