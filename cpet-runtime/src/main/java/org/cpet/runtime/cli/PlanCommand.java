package org.cpet.runtime.cli;

import java.util.concurrent.Callable;
import org.cpet.runtime.Cpet;
import org.cpet.runtime.plan.PlanReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cpet plan}. */
@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        description = {
            "Shows what a recipe would do, without doing it.",
            "The resolved recipe, every layer before and after compression, trainable parameters, steps and memory of each",
            "stage. Reads headers and data rows only."
        },
        footer = {"", "Example:", "  cpet plan recipes/quickstart.yaml --json"})
final class PlanCommand implements Callable<Integer> {
    @Mixin
    private RecipeArgument recipe;

    @Option(names = "--json", description = "print one JSON document")
    private boolean json;

    @Mixin
    private Plugins plugins;

    @Override
    public Integer call() {
        try (Cpet cpet = plugins.builder().build()) {
            cpet.warnings().forEach(warning -> System.err.println("note: " + warning));
            PlanReport plan = cpet.plan(recipe.recipe());
            plan.notices().forEach(notice -> System.err.println("note: " + notice));
            System.out.println(json ? Json.write(plan.document()) : plan.text());
            return 0;
        }
    }
}
