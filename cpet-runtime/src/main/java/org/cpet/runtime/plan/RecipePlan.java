package org.cpet.runtime.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cpet.runtime.config.Problems;
import org.cpet.runtime.data.ClassLabels;
import org.cpet.runtime.data.DataInputs;
import org.cpet.runtime.data.TaskData;
import org.cpet.runtime.memory.AvailableMemory;
import org.cpet.runtime.memory.MemoryChoice;
import org.cpet.runtime.memory.StageDemand;
import org.cpet.runtime.model.ModelDirectory;
import org.cpet.runtime.plan.PlanReport.DataRows;
import org.cpet.runtime.plugin.PluginCatalog;
import org.cpet.runtime.recipe.EnginelessContext;
import org.cpet.runtime.recipe.Healing;
import org.cpet.runtime.recipe.LayoutPlan;
import org.cpet.runtime.recipe.LayoutPlanner;
import org.cpet.runtime.recipe.ModelSection;
import org.cpet.runtime.recipe.ResolvedRecipe;
import org.cpet.runtime.recipe.TrainingSection.Memory;
import org.cpet.spi.model.LinearSpec;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModulePlan;

/** Works out what a resolved recipe would do: reads configs, safetensors headers and data rows, never a weight. */
public final class RecipePlan {
    private final ResolvedRecipe recipe;
    private final PluginCatalog catalog;
    private final EnginelessContext context;
    private final Problems problems = new Problems();

    private RecipePlan(ResolvedRecipe recipe, PluginCatalog catalog) {
        this.recipe = recipe;
        this.catalog = catalog;
        this.context = new EnginelessContext(recipe.seed());
    }

    /**
     * Checks what a recipe does not say and a run needs: that the weights' headers fit the config, and that the methods
     * can work on this model.
     *
     * @throws org.cpet.runtime.config.RecipeException with every problem at its place
     * @throws org.cpet.spi.InputException when the headers cannot be read or do not fit
     */
    public static void check(ResolvedRecipe recipe, PluginCatalog catalog) {
        new RecipePlan(recipe, catalog).plan(0);
    }

    /**
     * What the methods of a recipe would do to its model's layout; refuses what {@link #check} refuses.
     *
     * @throws org.cpet.runtime.config.RecipeException with every problem at its place
     */
    public static LayoutPlan layouts(ResolvedRecipe recipe, PluginCatalog catalog) {
        return new RecipePlan(recipe, catalog).plan(0);
    }

    /**
     * The plan of a recipe; refuses what {@link #check} refuses.
     *
     * @throws org.cpet.spi.InputException also when a row cannot be read, naming file and line
     */
    public static PlanReport of(ResolvedRecipe recipe, PluginCatalog catalog) {
        RecipePlan planning = new RecipePlan(recipe, catalog);
        Optional<TaskData> data = planning.data();
        LayoutPlan plan = planning.plan(
                data.flatMap(TaskData::labels).map(ClassLabels::size).orElse(0));
        return planning.report(plan, data);
    }

    private LayoutPlan plan(int labels) {
        ModelSection model = recipe.model();
        LayoutPlanner planner = new LayoutPlanner(recipe.tree(), context, problems);
        Optional<ModelLayout> layout =
                planner.layout(model, model.task() == ModelSection.Task.SEQ_CLS ? labels : 0, catalog);
        if (layout.isPresent() && model.init() == ModelSection.Init.WEIGHTS) {
            ModelDirectory.open(model.path()).check(layout.get()).require();
        }
        Optional<LayoutPlan> plan = layout.flatMap(found -> planner.plan(
                found,
                recipe.pet(),
                recipe.teacher().isPresent(),
                recipe.estimation(),
                recipe.compression(),
                recipe.recovery()));
        problems.throwIfAny();
        return plan.orElseThrow();
    }

    private PlanReport report(LayoutPlan plan, Optional<TaskData> data) {
        int valueBytes = valueBytes(recipe.model().dtype());
        List<ModelLayout> layouts = new ArrayList<>(List.of(plan.original()));
        plan.steps().forEach(step -> layouts.add(step.layout()));
        Optional<PlannedRows> healed = healed();
        List<StageCost> stages = data.filter(found -> !found.train().isEmpty())
                .map(found -> PlannedRows.of(recipe, directory(), found, context::notice))
                .or(() -> healed)
                .map(rows -> stages(plan, rows, healed, valueBytes))
                .orElse(List.of());
        stages.stream()
                .map(StageCost::memory)
                .filter(memory -> memory.asked() == Memory.AUTO && memory.chosen() == Memory.LOW)
                .map(MemoryChoice::reason)
                .forEach(context::notice);
        stages.stream()
                .filter(stage -> stage.memory().exceeds())
                .map(stage -> stage.stage() + ": " + stage.memory().warning())
                .forEach(context::notice);
        return new PlanReport(
                recipe,
                plan.original(),
                layouts.stream()
                        .map(layout -> LayoutSize.of(layout, valueBytes))
                        .toList(),
                plan.steps().stream().map(LayoutPlan.Step::method).toList(),
                modules(plan, layouts),
                data.map(RecipePlan::rows),
                stages,
                context.notices());
    }

    /** Layers that a method changes or stands beside. */
    private static List<ModuleLine> modules(LayoutPlan plan, List<ModelLayout> layouts) {
        Map<String, Long> pet = plan.petOnStudent()
                .or(plan::petOnOriginal)
                .map(ModulePlan::parameters)
                .orElse(Map.of());
        Map<String, Long> recovery = plan.recovery().map(ModulePlan::parameters).orElse(Map.of());
        List<ModuleLine> lines = new ArrayList<>();
        for (LinearSpec original : plan.original().linears()) {
            String name = original.name();
            List<LinearSpec> shapes =
                    layouts.stream().map(layout -> layout.linear(name)).toList();
            ModuleLine line = new ModuleLine(shapes, pet.getOrDefault(name, 0L), recovery.getOrDefault(name, 0L));
            if (line.pet() > 0
                    || line.recovery() > 0
                    || shapes.stream().distinct().count() > 1) {
                lines.add(line);
            }
        }
        return lines;
    }

    private List<StageCost> stages(LayoutPlan plan, PlannedRows rows, Optional<PlannedRows> healed, int valueBytes) {
        return new StageCosts(
                        recipe,
                        plan,
                        rows,
                        valueBytes,
                        StageDemand.dropsOut(directory().config()),
                        AvailableMemory.ofMachine().bytes(),
                        healed)
                .all(context);
    }

    private ModelDirectory directory() {
        return ModelDirectory.open(recipe.model().path());
    }

    /** The text that healing reads, where it reads one of its own. */
    private Optional<PlannedRows> healed() {
        return recipe.healing()
                .map(Healing::section)
                .flatMap(section -> section.text()
                        .map(text -> PlannedRows.ofText(recipe, directory(), text, section.max_length())));
    }

    private Optional<TaskData> data() {
        if (recipe.data().isEmpty() || recipe.source().isEmpty()) {
            return Optional.empty();
        }
        DataInputs inputs = DataInputs.of(recipe.data().get(), recipe.source().get(), context);
        return Optional.of(TaskData.load(inputs, recipe.seed(), context::notice));
    }

    private static DataRows rows(TaskData data) {
        return new DataRows(
                data.train().size(),
                data.validation().size(),
                data.test().size(),
                data.labels().map(ClassLabels::size).orElse(0));
    }

    private static int valueBytes(ModelSection.Dtype dtype) {
        return switch (dtype) {
            // what auto becomes is measured when the engine starts; the plan counts the larger
            case FLOAT32, AUTO -> 4;
            case BFLOAT16, FLOAT16 -> 2;
        };
    }
}
