package org.cpet.runtime.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.cpet.runtime.config.TextTable;
import org.cpet.runtime.memory.MemoryChoice;
import org.cpet.runtime.memory.StageMemory;
import org.cpet.runtime.recipe.TrainingSection.Memory;
import org.cpet.spi.model.LinearSpec;

/** A plan as text: the resolved recipe, then tables of sizes, modules, stages and memory. */
final class PlanText {
    private PlanText() {}

    static String of(PlanReport plan) {
        StringBuilder text = new StringBuilder(plan.recipe().yaml());
        text.append('\n').append(sizes(plan));
        plan.rows()
                .ifPresent(rows -> text.append(String.format(
                        Locale.ROOT,
                        "%nrows: %,d to train on, %,d to choose the best epoch, %,d to measure on%n",
                        rows.train(),
                        rows.validation(),
                        rows.test())));
        if (!plan.modules().isEmpty()) {
            text.append('\n').append(modules(plan));
        }
        if (!plan.stages().isEmpty()) {
            text.append('\n')
                    .append(stages(plan))
                    .append('\n')
                    .append(memory(plan))
                    .append(available(plan));
        }
        plan.notices().forEach(notice -> text.append("\nnote: ").append(notice));
        return text.append(plan.notices().isEmpty() ? "" : "\n").toString();
    }

    private static String sizes(PlanReport plan) {
        TextTable table = new TextTable("model", "#parameters", "#MiB");
        for (int i = 0; i < plan.sizes().size(); i++) {
            LayoutSize size = plan.sizes().get(i);
            String name = i == 0 ? "original" : "after " + plan.methods().get(i - 1);
            table.row(name, count(size.parameters()), mebibytes(size.bytes()));
        }
        return table.text();
    }

    private static String modules(PlanReport plan) {
        List<String> titles = new ArrayList<>(List.of("module", "original"));
        plan.methods().forEach(method -> titles.add("after " + method));
        titles.add("#PET");
        titles.add("#recovery");
        TextTable table = new TextTable(titles.toArray(String[]::new));
        for (ModuleLine module : plan.modules()) {
            List<String> cells = new ArrayList<>(List.of(module.name()));
            module.shapes().forEach(shape -> cells.add(shape(shape)));
            cells.add(count(module.pet()));
            cells.add(count(module.recovery()));
            table.row(cells.toArray(String[]::new));
        }
        return table.text();
    }

    private static String stages(PlanReport plan) {
        TextTable table =
                new TextTable("stage", "#rows", "#steps an epoch", "#steps", "#trainable parameters", "#padding");
        for (StageCost stage : plan.stages()) {
            table.row(
                    stage.stage(),
                    count(stage.rows()),
                    count(stage.stepsPerEpoch()),
                    count(stage.steps()),
                    count(stage.trainable()),
                    String.format(Locale.ROOT, "%.1f %%", 100 * stage.padding()));
        }
        return table.text();
    }

    /** Two lines for each stage, the chosen one marked. */
    private static String memory(PlanReport plan) {
        TextTable table = new TextTable(
                "MiB",
                "memory",
                "#process",
                "#weights",
                "#unpacked",
                "#masters",
                "#gradients",
                "#moments",
                "#activations",
                "#teacher's answers",
                "#peak");
        for (StageCost stage : plan.stages()) {
            MemoryChoice choice = stage.memory();
            row(table, stage.stage(), Memory.FAST, choice.fast(), choice);
            row(table, stage.stage(), Memory.LOW, choice.low(), choice);
        }
        return table.text();
    }

    private static void row(TextTable table, String stage, Memory kind, StageMemory memory, MemoryChoice choice) {
        table.row(
                stage,
                kind.name().toLowerCase(Locale.ROOT) + (choice.chosen() == kind ? " (chosen)" : ""),
                mebibytes(memory.process()),
                mebibytes(memory.weights()),
                mebibytes(memory.unpacked()),
                mebibytes(memory.masters()),
                mebibytes(memory.gradients()),
                mebibytes(memory.moments()),
                mebibytes(memory.activations()),
                mebibytes(memory.teacherAnswers()),
                mebibytes(memory.total()));
    }

    private static String available(PlanReport plan) {
        return plan.stages().get(0).memory().available().stream()
                .mapToObj(bytes -> "available here: " + mebibytes(bytes) + " MiB\n")
                .findFirst()
                .orElse("");
    }

    private static String shape(LinearSpec spec) {
        return "[" + spec.out() + ", " + spec.in() + "] " + spec.storage();
    }

    private static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String mebibytes(long bytes) {
        return String.format(Locale.ROOT, "%,.1f", bytes / 1048576.0);
    }
}
