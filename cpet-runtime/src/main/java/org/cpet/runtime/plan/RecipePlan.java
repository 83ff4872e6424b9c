package org.cpet.runtime.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cpet.runtime.data.ClassLabels;
import org.cpet.runtime.data.DataInputs;
import org.cpet.runtime.data.TaskData;
import org.cpet.runtime.plan.PlanReport.PlannedModule;
import org.cpet.runtime.plan.PlanReport.PlannedStage;
import org.cpet.runtime.plugin.PluginCatalog;
import org.cpet.runtime.recipe.EnginelessContext;
import org.cpet.runtime.recipe.Paradigm;
import org.cpet.runtime.recipe.ResolvedRecipe;
import org.cpet.runtime.recipe.TeacherSection;
import org.cpet.runtime.recipe.TrainingSection;
import org.cpet.spi.model.LinearRole;
import org.cpet.spi.model.LinearSpec;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModulePlan;

/** Makes plans. Reads config, headers and data rows; never a weight, never the engine. */
public final class RecipePlan {
    private static final int USUAL_LABELS = 2;
    private static final int BYTES = 4;
    /** Master, gradient and two moments. */
    private static final int COPIES = 4;

    private RecipePlan() {}

    /**
     * Checks that a recipe fits its model: every target matches, compressors stand in a possible order, the files hold
     * the model's tensors.
     *
     * @throws org.cpet.runtime.config.RecipeException with every problem at its place
     */
    public static void check(ResolvedRecipe recipe, PluginCatalog catalog) {
        PlannedLayouts.of(recipe, catalog, USUAL_LABELS);
    }

    /** What a run of the recipe would do. */
    public static PlanReport of(ResolvedRecipe recipe, PluginCatalog catalog) {
        EnginelessContext context = new EnginelessContext(recipe.seed());
        Optional<TaskData> data = recipe.data()
                .map(section -> TaskData.load(
                        DataInputs.of(section, recipe.source().orElseThrow(), context),
                        recipe.seed(),
                        context::notice));
        int labels = data.flatMap(TaskData::labels).map(ClassLabels::size).orElse(USUAL_LABELS);
        PlannedLayouts layouts = PlannedLayouts.of(recipe, catalog, labels);
        ModelLayout before = layouts.layouts().get(0);
        ModelLayout after = layouts.layouts().get(layouts.layouts().size() - 1);
        return new PlanReport(
                recipe.name(),
                before.family(),
                modules(before, after, layouts),
                stages(recipe, data.map(rows -> rows.train().size()).orElse(0), before, after, layouts),
                context.notices(),
                recipe.yaml());
    }

    private static List<PlannedModule> modules(ModelLayout before, ModelLayout after, PlannedLayouts layouts) {
        Map<String, Long> pet = layouts.pet().map(ModulePlan::parameters).orElse(Map.of());
        Map<String, Long> recovery =
                layouts.recovery().map(ModulePlan::parameters).orElse(Map.of());
        return before.linears().stream()
                .map(linear -> new PlannedModule(
                        linear,
                        after.linear(linear.name()),
                        pet.getOrDefault(linear.name(), 0L),
                        recovery.getOrDefault(linear.name(), 0L)))
                .toList();
    }

    private static List<PlannedStage> stages(
            ResolvedRecipe recipe, int rows, ModelLayout before, ModelLayout after, PlannedLayouts layouts) {
        long head = before.linears().stream()
                .filter(linear -> linear.role() == LinearRole.CLASSIFIER)
                .mapToLong(linear -> (long) linear.out() * linear.in() + (linear.bias() ? linear.out() : 0))
                .sum();
        long pet = layouts.pet().map(ModulePlan::total).orElse(0L);
        long recovery = layouts.recovery().map(ModulePlan::total).orElse(0L);
        int tokens = recipe.data().map(section -> section.max_length()).orElse(0);
        List<PlannedStage> stages = new ArrayList<>();
        recipe.teacher()
                .flatMap(TeacherSection::training)
                .ifPresent(training -> stages.add(stage(Paradigm.TEACHER, training, rows, pet + head, tokens, before)));
        if (recipe.training().isPresent() && !recipe.compression().isEmpty()) {
            TrainingSection training = recipe.training().get();
            for (Paradigm paradigm : List.of(Paradigm.COMPRESSED_PET, Paradigm.CPET)) {
                if (recipe.evaluation().compare().contains(paradigm)) {
                    long trainable = pet + head + (paradigm == Paradigm.CPET ? recovery : 0);
                    stages.add(stage(paradigm, training, rows, trainable, tokens, after));
                }
            }
        }
        return stages;
    }

    private static PlannedStage stage(
            Paradigm paradigm, TrainingSection training, int rows, long trainable, int tokens, ModelLayout layout) {
        long microBatches = ((long) rows + training.batch_size() - 1) / training.batch_size();
        int accumulation = training.gradient_accumulation_steps();
        long perEpoch = (microBatches + accumulation - 1) / accumulation;
        long steps = training.max_steps()
                .map(Integer::longValue)
                .orElseGet(() -> training.epochs().orElse(1) * perEpoch);
        long weights = layout.linears().stream().mapToLong(LinearSpec::bytes).sum()
                + (long) BYTES * layout.vocabulary() * layout.hiddenSize();
        long widths = layout.linears().stream()
                .mapToLong(linear -> linear.in() + linear.out())
                .sum();
        long activations = (long) BYTES * training.batch_size() * tokens * widths;
        return new PlannedStage(paradigm.key(), steps, trainable, weights, COPIES * BYTES * trainable, activations);
    }
}
