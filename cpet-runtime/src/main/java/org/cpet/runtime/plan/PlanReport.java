package org.cpet.runtime.plan;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.cpet.runtime.config.TextTable;
import org.cpet.spi.model.LinearSpec;

/**
 * A plan, for people and for scripts.
 *
 * @param modules every linear layer, before and after compression
 * @param stages what is trained, in order
 * @param notices what must not pass in silence
 * @param recipe the resolved recipe
 */
public record PlanReport(
        String name,
        String family,
        List<PlannedModule> modules,
        List<PlannedStage> stages,
        List<String> notices,
        String recipe) {
    private static final double MIB = 1 << 20;

    /** A layer with the trainable parameters that PET and recovery put beside it. */
    public record PlannedModule(LinearSpec before, LinearSpec after, long pet, long recovery) {}

    /**
     * A stage.
     *
     * @param trainable parameters that it changes
     * @param weightBytes frozen weights
     * @param trainingBytes masters, gradients and moments
     * @param activationBytes inputs and outputs of all linear layers for one micro-batch of the longest rows, estimated
     */
    public record PlannedStage(
            String name, long steps, long trainable, long weightBytes, long trainingBytes, long activationBytes) {
        /** All of it. */
        public long totalBytes() {
            return weightBytes + trainingBytes + activationBytes;
        }
    }

    /** For a terminal. */
    public String text() {
        TextTable layers = new TextTable("layer", "before", "after", "held as", "bytes", "PET", "recovery");
        for (PlannedModule module : modules) {
            layers.row(
                    module.before.name(),
                    shape(module.before),
                    shape(module.after),
                    module.after.storage(),
                    number(module.after.bytes()),
                    number(module.pet),
                    number(module.recovery));
        }
        TextTable training = new TextTable(
                "stage", "steps", "trainable", "weights MiB", "training MiB", "activations MiB", "all MiB");
        for (PlannedStage stage : stages) {
            training.row(
                    stage.name,
                    number(stage.steps),
                    number(stage.trainable),
                    mib(stage.weightBytes),
                    mib(stage.trainingBytes),
                    mib(stage.activationBytes),
                    mib(stage.totalBytes()));
        }
        return recipe + "\n" + layers.text() + "\n" + training.text();
    }

    /** For scripts: maps, lists, texts and numbers. */
    public Map<String, Object> document() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("name", name);
        document.put("family", family);
        document.put("modules", modules.stream().map(PlanReport::module).toList());
        document.put("stages", stages.stream().map(PlanReport::stage).toList());
        document.put("notices", notices);
        document.put("recipe", recipe);
        return document;
    }

    private static Map<String, Object> module(PlannedModule module) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("name", module.before.name());
        one.put("before", List.of(module.before.out(), module.before.in()));
        one.put("after", List.of(module.after.out(), module.after.in()));
        one.put("storage", module.after.storage());
        one.put("bytes_before", module.before.bytes());
        one.put("bytes_after", module.after.bytes());
        one.put("pet_parameters", module.pet);
        one.put("recovery_parameters", module.recovery);
        return one;
    }

    private static Map<String, Object> stage(PlannedStage stage) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("name", stage.name);
        one.put("steps", stage.steps);
        one.put("trainable_parameters", stage.trainable);
        one.put("weight_bytes", stage.weightBytes);
        one.put("training_bytes", stage.trainingBytes);
        one.put("activation_bytes", stage.activationBytes);
        one.put("total_bytes", stage.totalBytes());
        return one;
    }

    private static String shape(LinearSpec linear) {
        return "[" + linear.out() + ", " + linear.in() + "]";
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    private static String mib(long bytes) {
        return String.format(Locale.ROOT, "%,.1f", bytes / MIB);
    }
}
