package org.cpet.runtime;

import org.cpet.runtime.model.ModelDirectory;
import org.cpet.runtime.plan.PlanReport;
import org.cpet.runtime.plan.RecipePlan;
import org.cpet.runtime.plugin.PluginCatalog;
import org.cpet.runtime.recipe.ResolvedRecipe;
import org.cpet.runtime.text.Tokenizer;

/** Whether everything that a run reads can be read. */
final class Inputs {
    private Inputs() {}

    /** Reads headers, rows and tokenizer; refuses what the run itself would refuse after its first minute. */
    static void check(ResolvedRecipe recipe, PluginCatalog catalog) {
        PlanReport plan = RecipePlan.of(recipe, catalog);
        ModelDirectory directory = ModelDirectory.open(recipe.model().path());
        try (Tokenizer tokenizer = Tokenizer.load(directory.path())) {
            tokenizer.requireWithin(plan.layout().vocabulary());
        }
    }
}
