package org.cpet.runtime.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.cpet.runtime.recipe.LayoutPlan;
import org.cpet.runtime.recipe.Paradigm;
import org.cpet.runtime.recipe.ResolvedRecipe;
import org.cpet.runtime.recipe.TeacherSection;
import org.cpet.runtime.recipe.TrainingSection;
import org.cpet.runtime.train.TeacherCache;
import org.cpet.spi.PluginContext;
import org.cpet.spi.loss.OutputKind;
import org.cpet.spi.model.AttentionSpec;
import org.cpet.spi.model.LinearRole;
import org.cpet.spi.model.LinearSpec;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModelTask;
import org.cpet.spi.model.ModulePlan;

/** Counts steps, trainable parameters and bytes of each training stage. */
final class StageCosts {
    private static final long FLOAT = 4;

    private final ResolvedRecipe recipe;
    private final LayoutPlan plan;
    private final long rows;
    private final int valueBytes;

    StageCosts(ResolvedRecipe recipe, LayoutPlan plan, long rows, int valueBytes) {
        this.recipe = recipe;
        this.plan = plan;
        this.rows = rows;
        this.valueBytes = valueBytes;
    }

    List<StageCost> all(PluginContext context) {
        List<StageCost> stages = new ArrayList<>();
        Optional<TrainingSection> taught = recipe.teacher().flatMap(TeacherSection::training);
        taught.ifPresent(training -> stages.add(
                stage(Paradigm.TEACHER, training, plan.original(), trainable(plan.original(), plan.petOnOriginal()))));
        recipe.training().ifPresent(training -> {
            long pet = trainable(plan.student(), plan.petOnStudent());
            if (recipe.evaluation().compare().contains(Paradigm.COMPRESSED_PET)) {
                stages.add(stage(Paradigm.COMPRESSED_PET, training, plan.student(), pet));
            }
            if (recipe.evaluation().compare().contains(Paradigm.CPET)) {
                long recovery = plan.recovery().map(ModulePlan::total).orElse(0L);
                stages.add(withTeacher(stage(Paradigm.CPET, training, plan.student(), pet + recovery), context));
            }
        });
        return stages;
    }

    /** P and the classification head, which is trained with it unless P trains it itself. */
    private static long trainable(ModelLayout layout, Optional<ModulePlan> pet) {
        Set<String> covered = pet.map(found -> found.parameters().keySet()).orElse(Set.of());
        return pet.map(ModulePlan::total).orElse(0L)
                + layout.linears().stream()
                        .filter(linear -> linear.role() == LinearRole.CLASSIFIER)
                        .filter(linear -> covered.stream().noneMatch(name -> name.startsWith(linear.name())))
                        .mapToLong(LayoutSize::parameters)
                        .sum();
    }

    private StageCost stage(Paradigm stage, TrainingSection training, ModelLayout layout, long trainable) {
        long microBatches = ceilDiv(rows, training.batch_size());
        long perEpoch = ceilDiv(microBatches, training.gradient_accumulation_steps());
        long steps = training.max_steps()
                .map(Integer::longValue)
                .orElseGet(() -> perEpoch * training.epochs().orElseThrow());
        StageCost.Memory memory = new StageCost.Memory(
                LayoutSize.of(layout, valueBytes).bytes(),
                FLOAT * trainable,
                FLOAT * trainable,
                2 * FLOAT * trainable,
                activations(layout, Math.min(training.batch_size(), rows)),
                0);
        return new StageCost(stage.key(), rows, perEpoch, steps, trainable, memory);
    }

    /** With distillation M stays open, and its answers are kept within a budget. */
    private StageCost withTeacher(StageCost stage, PluginContext context) {
        if (recipe.distillation().isEmpty()) {
            return stage;
        }
        long answers = recipe.distillation().get().create(context).needs().stream()
                .mapToLong(this::answers)
                .sum();
        StageCost.Memory memory = stage.memory();
        return new StageCost(
                stage.stage(),
                stage.rows(),
                stage.stepsPerEpoch(),
                stage.steps(),
                stage.trainable(),
                new StageCost.Memory(
                        memory.weights()
                                + LayoutSize.of(plan.original(), valueBytes).bytes(),
                        memory.masters(),
                        memory.gradients(),
                        memory.moments(),
                        memory.activations(),
                        Math.min(answers, TeacherCache.BUDGET)));
    }

    private long answers(OutputKind kind) {
        ModelLayout layout = plan.original();
        boolean perRow = kind == OutputKind.LOGITS && layout.task() == ModelTask.SEQ_CLS;
        long width = kind == OutputKind.LOGITS ? logitsWidth(layout) : layout.hiddenSize();
        return FLOAT * rows * width * layers(kind, layout) * (perRow ? 1 : tokens());
    }

    private static long layers(OutputKind kind, ModelLayout layout) {
        boolean twoStacks = layout.task() == ModelTask.SEQ2SEQ_LM;
        return kind.ofAllLayers()
                ? layout.layers().stream()
                        .filter(layer -> !twoStacks || layer.startsWith("encoder.") == kind.ofEncoder())
                        .count()
                : 1;
    }

    private long activations(ModelLayout layout, long batch) {
        long perToken = layout.linears().stream()
                .filter(linear -> linear.role().inBlock())
                .mapToLong(linear -> linear.in() + linear.out())
                .sum();
        long heads = layout.attentions().stream().mapToLong(StageCosts::heads).sum();
        long logits = layout.task() == ModelTask.SEQ_CLS ? 0 : logitsWidth(layout);
        return FLOAT * batch * tokens() * (perToken + heads * tokens() + logits);
    }

    private static long heads(AttentionSpec attention) {
        return (long) attention.groups() * attention.queriesPerGroup();
    }

    private static long logitsWidth(ModelLayout layout) {
        return layout.linears().stream()
                .filter(linear -> linear.role() == LinearRole.CLASSIFIER || linear.role() == LinearRole.HEAD)
                .mapToLong(LinearSpec::out)
                .reduce((first, last) -> last)
                .orElse(layout.vocabulary());
    }

    private long tokens() {
        return recipe.data().orElseThrow().max_length();
    }

    private static long ceilDiv(long numerator, long denominator) {
        return (numerator + denominator - 1) / denominator;
    }
}
