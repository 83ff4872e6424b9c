package org.cpet.runtime.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cpet.runtime.config.Message;
import org.cpet.runtime.config.Problems;
import org.cpet.runtime.config.Suggestions;
import org.cpet.runtime.model.ModelDirectory;
import org.cpet.runtime.model.ModelFamilies;
import org.cpet.runtime.plugin.PluginCatalog;
import org.cpet.runtime.recipe.Configured;
import org.cpet.runtime.recipe.EnginelessContext;
import org.cpet.runtime.recipe.ModelSection;
import org.cpet.runtime.recipe.ResolvedRecipe;
import org.cpet.runtime.script.Extensions;
import org.cpet.spi.CpetException;
import org.cpet.spi.PluginContext;
import org.cpet.spi.compress.Compressor;
import org.cpet.spi.model.LinearSpec;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModelRequest;
import org.cpet.spi.model.ModelTask;
import org.cpet.spi.model.ModulePlan;

/**
 * The model's layout before and after each compressor, and what PET and recovery would add; what does not fit becomes a
 * located problem.
 *
 * @param layouts the original first, then one after each compressor
 */
record PlannedLayouts(List<ModelLayout> layouts, Optional<ModulePlan> pet, Optional<ModulePlan> recovery) {
    /** Never starts the engine, reads no weight. */
    static PlannedLayouts of(ResolvedRecipe recipe, PluginCatalog catalog, int labels) {
        PluginContext context = new EnginelessContext(recipe.seed());
        ModelFamilies families = Extensions.families(catalog, context);
        ModelDirectory directory = ModelDirectory.open(recipe.model().path());
        ModelTask task = ModelTask.valueOf(recipe.model().task().name());
        ModelLayout original =
                directory.layout(families, new ModelRequest(task, task == ModelTask.SEQ_CLS ? labels : 0));
        if (recipe.model().init() == ModelSection.Init.WEIGHTS) {
            directory.check(original).require();
        }
        Problems problems = new Problems();
        List<ModelLayout> layouts = new ArrayList<>(List.of(original));
        for (int i = 0; i < recipe.compression().size(); i++) {
            compress(recipe, recipe.compression().get(i), i, context, layouts, problems);
        }
        ModelLayout last = layouts.get(layouts.size() - 1);
        Optional<ModulePlan> pet =
                recipe.pet().map(method -> method.create(context).plan(original));
        pet.ifPresent(plan -> unmatched(recipe, "pet.target_modules", plan, original, problems));
        Optional<ModulePlan> recovery =
                recipe.recovery().map(method -> method.create(context).plan(last));
        recovery.ifPresent(plan -> unmatched(recipe, "recovery.target_modules", plan, last, problems));
        problems.throwIfAny();
        return new PlannedLayouts(List.copyOf(layouts), pet, recovery);
    }

    private static void compress(
            ResolvedRecipe recipe,
            Configured<Compressor> method,
            int index,
            PluginContext context,
            List<ModelLayout> layouts,
            Problems problems) {
        try {
            layouts.add(method.create(context).plan(layouts.get(layouts.size() - 1)));
        } catch (CpetException e) {
            problems.add(
                    recipe.tree().place("compression." + index),
                    e.exitCode(),
                    Message.of(method.name() + ": " + e.getMessage()));
        }
    }

    private static void unmatched(
            ResolvedRecipe recipe, String path, ModulePlan plan, ModelLayout layout, Problems problems) {
        List<String> endings = layout.blockLinears().stream()
                .map(LinearSpec::name)
                .map(name -> name.substring(name.lastIndexOf('.') + 1))
                .distinct()
                .toList();
        for (String target : plan.unmatched()) {
            problems.add(
                    recipe.tree().place(path),
                    Message.of(path + " matches no layer")
                            .found(target)
                            .allowed("all-linear, or endings of layer names such as " + String.join(", ", endings))
                            .nearest(Suggestions.nearest(target, endings)));
        }
    }
}
