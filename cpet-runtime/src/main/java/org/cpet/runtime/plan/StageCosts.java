package org.cpet.runtime.plan;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.cpet.runtime.memory.BatchShape;
import org.cpet.runtime.memory.MemoryChoice;
import org.cpet.runtime.memory.StageDemand;
import org.cpet.runtime.memory.StageDemand.Teaching;
import org.cpet.runtime.recipe.Healing;
import org.cpet.runtime.recipe.HealingSection;
import org.cpet.runtime.recipe.LayoutPlan;
import org.cpet.runtime.recipe.Paradigm;
import org.cpet.runtime.recipe.ResolvedRecipe;
import org.cpet.runtime.recipe.TeacherSection;
import org.cpet.runtime.recipe.TrainingSection;
import org.cpet.runtime.train.AnswerBudget;
import org.cpet.spi.PluginContext;
import org.cpet.spi.loss.OutputKind;
import org.cpet.spi.model.LinearRole;
import org.cpet.spi.model.LinearSpec;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModelTask;
import org.cpet.spi.model.ModulePlan;

/** Counts steps, trainable parameters and bytes of each training stage. */
final class StageCosts {
    private static final long FLOAT = 4;
    private static final int BEST_EPOCH = 1;

    private final ResolvedRecipe recipe;
    private final LayoutPlan plan;
    private final PlannedRows rows;
    private final int valueBytes;
    private final boolean dropout;
    private final OptionalLong available;
    private final Optional<PlannedRows> healed;

    /**
     * Made for one recipe.
     *
     * @param available bytes that a stage may take
     * @param healed what healing reads, when there is healing
     */
    StageCosts(
            ResolvedRecipe recipe,
            LayoutPlan plan,
            PlannedRows rows,
            int valueBytes,
            boolean dropout,
            OptionalLong available,
            Optional<PlannedRows> healed) {
        this.recipe = recipe;
        this.plan = plan;
        this.rows = rows;
        this.valueBytes = valueBytes;
        this.dropout = dropout;
        this.available = available;
        this.healed = healed;
    }

    /** What a stage trains in which model, the head of a classifier included where the stage has a task. */
    private record Trained(ModelLayout layout, List<ModulePlan> modules, boolean classifies) {
        /** Layers and tensors that carry something trainable, the classification head included. */
        Set<String> names() {
            Set<String> names = new HashSet<>();
            modules.forEach(module -> names.addAll(module.parameters().keySet()));
            head().map(LinearSpec::name).forEach(names::add);
            return names;
        }

        /** P, R, and the classification head, which is trained with P unless P trains it itself. */
        long size() {
            return modules.stream().mapToLong(ModulePlan::total).sum()
                    + head().mapToLong(LayoutSize::parameters).sum();
        }

        private Stream<LinearSpec> head() {
            return layout.linears().stream()
                    .filter(linear -> classifies && linear.role() == LinearRole.CLASSIFIER)
                    .filter(linear -> modules.stream()
                            .flatMap(module -> module.parameters().keySet().stream())
                            .noneMatch(name -> name.startsWith(linear.name() + ".")));
        }
    }

    List<StageCost> all(PluginContext context) {
        List<StageCost> stages = new ArrayList<>();
        Optional<TrainingSection> taught = recipe.teacher().flatMap(TeacherSection::training);
        taught.ifPresent(training -> stages.add(stage(
                Paradigm.TEACHER.key(),
                training,
                rows,
                trained(plan.original(), List.of(plan.petOnOriginal())),
                0,
                Teaching.NONE)));
        recipe.healing().ifPresent(healing -> stages.add(healing(healing, healed.orElse(rows), context)));
        recipe.training().ifPresent(training -> {
            long other = recipe.teacher().isPresent()
                    ? LayoutSize.of(plan.original(), valueBytes).bytes()
                    : 0;
            if (recipe.evaluation().compare().contains(Paradigm.COMPRESSED_PET)) {
                Trained fresh = trained(plan.student(), List.of(plan.petOnStudent()));
                stages.add(stage(Paradigm.COMPRESSED_PET.key(), training, rows, fresh, other, Teaching.NONE));
            }
            if (recipe.evaluation().compare().contains(Paradigm.CPET)) {
                Trained both = trained(plan.student(), List.of(plan.petOnStudent(), plan.recovery()));
                stages.add(stage(Paradigm.CPET.key(), training, rows, both, other, teaching(context)));
            }
        });
        return stages;
    }

    private static Trained trained(ModelLayout layout, List<Optional<ModulePlan>> modules) {
        return new Trained(layout, modules.stream().flatMap(Optional::stream).toList(), true);
    }

    private StageCost stage(
            String stage,
            TrainingSection training,
            PlannedRows read,
            Trained trained,
            long otherWeights,
            Teaching teaching) {
        long microBatches = ceilDiv(read.size(), training.batch_size());
        long perEpoch = ceilDiv(microBatches, training.gradient_accumulation_steps());
        long steps = training.max_steps()
                .map(Integer::longValue)
                .orElseGet(() -> perEpoch * training.epochs().orElseThrow());
        StageDemand demand = new StageDemand(
                trained.layout(),
                LayoutSize.of(trained.layout(), valueBytes).bytes() + otherWeights,
                valueBytes,
                trained.names(),
                trained.size(),
                BEST_EPOCH,
                teaching,
                dropout);
        BatchShape batch = read.largest(training.batch_size());
        return new StageCost(
                stage,
                read.size(),
                perEpoch,
                steps,
                trained.size(),
                read.padding(training.batch_size()),
                new MemoryChoice(training.memory(), demand.with(batch, false), demand.with(batch, true), available));
    }

    /** All weights and biases of C's blocks, beside M, which answers. */
    private StageCost healing(Healing healing, PlannedRows read, PluginContext context) {
        Map<String, Long> weights = new LinkedHashMap<>();
        plan.healed().blockLinears().forEach(linear -> weights.put(linear.name(), LayoutSize.parameters(linear)));
        Set<OutputKind> kinds = new HashSet<>();
        healing.losses().forEach(loss -> kinds.addAll(loss.create(context).needs()));
        return stage(
                HealingSection.STAGE,
                healing.section().training(),
                read,
                new Trained(plan.healed(), List.of(new ModulePlan(weights, List.of())), false),
                LayoutSize.of(plan.original(), valueBytes).bytes(),
                teaching(kinds, read));
    }

    /** With distillation M's answers are kept within a budget. */
    private Teaching teaching(PluginContext context) {
        if (recipe.distillation().isEmpty() || recipe.teacher().isEmpty()) {
            return Teaching.NONE;
        }
        return teaching(recipe.distillation().get().create(context).needs(), rows);
    }

    private Teaching teaching(Set<OutputKind> kinds, PlannedRows read) {
        long answers = kinds.stream().mapToLong(kind -> answers(kind, read)).sum();
        return new Teaching(answers > AnswerBudget.MEMORY ? 0 : answers, kinds.contains(OutputKind.LOGITS));
    }

    private long answers(OutputKind kind, PlannedRows read) {
        ModelLayout layout = plan.original();
        boolean perRow = kind == OutputKind.LOGITS && layout.task() == ModelTask.SEQ_CLS;
        boolean decoder = layout.task() == ModelTask.SEQ2SEQ_LM && !kind.ofEncoder();
        long width = kind == OutputKind.LOGITS ? StageDemand.logitsWidth(layout) : layout.hiddenSize();
        return FLOAT * width * layers(kind, layout) * (perRow ? read.size() : read.positions(decoder));
    }

    private static long layers(OutputKind kind, ModelLayout layout) {
        boolean twoStacks = layout.task() == ModelTask.SEQ2SEQ_LM;
        return kind.ofAllLayers()
                ? layout.layers().stream()
                        .filter(layer -> !twoStacks || layer.startsWith("encoder.") == kind.ofEncoder())
                        .count()
                : 1;
    }

    private static long ceilDiv(long numerator, long denominator) {
        return (numerator + denominator - 1) / denominator;
    }
}
