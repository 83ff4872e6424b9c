package org.cpet.runtime.recipe;

import static org.cpet.runtime.recipe.RecipeSection.COMPRESSION;
import static org.cpet.runtime.recipe.RecipeSection.DATA;
import static org.cpet.runtime.recipe.RecipeSection.DISTILLATION;
import static org.cpet.runtime.recipe.RecipeSection.ESTIMATION;
import static org.cpet.runtime.recipe.RecipeSection.HEALING;
import static org.cpet.runtime.recipe.RecipeSection.INHERITANCE;
import static org.cpet.runtime.recipe.RecipeSection.PET;
import static org.cpet.runtime.recipe.RecipeSection.RECOVERY;
import static org.cpet.runtime.recipe.RecipeSection.TASK_LOSS;
import static org.cpet.runtime.recipe.RecipeSection.TEACHER;
import static org.cpet.runtime.recipe.RecipeSection.TRAINING;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cpet.runtime.config.ConfigNode;
import org.cpet.runtime.config.ConfigNode.Items;
import org.cpet.runtime.config.ConfigTree;
import org.cpet.runtime.config.Message;
import org.cpet.runtime.config.Place;
import org.cpet.runtime.config.Problems;

/** Rules between sections: what needs what, which rows of the table are possible, what gates may ask for. */
final class SectionRules {
    private static final Pattern DEVICE = Pattern.compile("auto|cpu|cuda(:\\d{1,3})?");
    private static final String COMPARE = "evaluation.compare";

    private final ConfigTree tree;
    private final Sections sections;
    private final Problems problems;

    SectionRules(ConfigTree tree, Sections sections, Problems problems) {
        this.tree = tree;
        this.sections = sections;
        this.problems = problems;
    }

    void check(BoundRecipe bound) {
        needs(INHERITANCE, COMPRESSION);
        needs(INHERITANCE, PET);
        needs(INHERITANCE, TEACHER);
        needs(RECOVERY, COMPRESSION);
        needs(RECOVERY, PET);
        needs(DISTILLATION, COMPRESSION);
        needs(DISTILLATION, TEACHER);
        needs(HEALING, COMPRESSION);
        needs(TEACHER, PET);
        needs(PET, DATA);
        needs(TRAINING, PET);
        needs(TASK_LOSS, PET);
        needs(ESTIMATION, PET);
        needs(ESTIMATION, TRAINING);
        if (sections.has(TRAINING) && sections.has(PET) && !there(COMPRESSION)) {
            report(
                    sections.place(TRAINING),
                    Message.of("training needs section 'compression'")
                            .allowed("teacher: {training: ...} for a model that is not compressed"));
        }
        if (bound.healing()
                        .filter(healing -> healing.section().text().isEmpty())
                        .isPresent()
                && !sections.has(DATA)) {
            report(
                    sections.place(HEALING),
                    Message.of("healing needs something to read").allowed("healing.text, or section 'data'"));
        }
        checkPetIsTrained(bound);
        if (!sections.has(PET) && !there(COMPRESSION)) {
            report(tree.root().place(), Message.of("the recipe does nothing").allowed("pet with teacher, compression"));
        }
        checkDevice(bound);
    }

    /** The rows of the table: those written, or those of the default that the sections make possible. */
    List<Paradigm> rows(BoundRecipe bound, Optional<DataSource> source) {
        if (bound.evaluation().isEmpty()) {
            return List.of();
        }
        List<Paradigm> wanted = bound.evaluation().get().compare();
        boolean written = tree.find(COMPARE).isPresent();
        if (written) {
            for (int i = 0; i < wanted.size(); i++) {
                checkPossible(wanted.get(i), i);
            }
        }
        if (source.isPresent()
                && source.get().validation().or(() -> source.get().test()).isEmpty()
                && tree.find("data.test_rows").isEmpty()) {
            report(
                    tree.place("data"),
                    Message.of("data has no rows to measure on")
                            .allowed("a validation file, a test file, test_rows to be cut out of train"));
        }
        List<Paradigm> rows = wanted.stream().filter(this::possible).distinct().toList();
        checkGates(bound, written ? wanted : rows);
        if (rows.isEmpty() && problems.count() == 0) {
            report(
                    tree.root().place(),
                    Message.of("without section 'data' the recipe has nothing to measure")
                            .allowed("section 'data', or cpet compress, which writes the compressed model"));
        }
        return rows;
    }

    /** A smaller model comes from compression or from an estimation. */
    private boolean there(RecipeSection section) {
        return sections.has(section) || (section == COMPRESSION && sections.has(ESTIMATION));
    }

    private void needs(RecipeSection section, RecipeSection other) {
        if (sections.has(section) && !there(other)) {
            report(sections.place(section), Message.of(section.key() + " needs section '" + other.key() + "'"));
        }
    }

    private void checkPetIsTrained(BoundRecipe bound) {
        if (!sections.has(PET)) {
            return;
        }
        if (!there(COMPRESSION) && !sections.has(TEACHER)) {
            report(
                    sections.place(PET),
                    Message.of("pet needs section 'teacher'").allowed("teacher with training"));
        }
        boolean untrained = tree.find(COMPARE).isPresent()
                && bound.evaluation().isPresent()
                && bound.evaluation().get().compare().stream()
                        .noneMatch(row -> row == Paradigm.COMPRESSED_PET || row == Paradigm.CPET);
        boolean learns = sections.has(RECOVERY) || sections.has(DISTILLATION) || !sections.has(INHERITANCE);
        if (sections.has(COMPRESSION) && !sections.has(TRAINING) && learns && !untrained) {
            sections.missing(TRAINING, "a section with learning_rate, batch_size and epochs or max_steps");
        }
    }

    private void checkDevice(BoundRecipe bound) {
        bound.model()
                .map(ModelSection::device)
                .filter(device -> !DEVICE.matcher(device).matches())
                .ifPresent(device -> report(
                        tree.place("model.device"),
                        Message.unknown(
                                "unknown value of model.device", device, List.of("auto", "cpu", "cuda", "cuda:N"))));
    }

    private void checkPossible(Paradigm row, int index) {
        String missing = Stream.concat(Stream.of(DATA), row.needs().stream())
                .filter(section -> !there(section))
                .map(RecipeSection::key)
                .collect(Collectors.joining(", "));
        if (!possible(row)) {
            String what = missing.isEmpty() ? "one of inheritance, recovery, distillation" : missing;
            report(
                    item(index),
                    Message.of("row " + row.key() + " needs " + what)
                            .found(row.key())
                            .allowed(possibleRows()));
        }
    }

    private Place item(int index) {
        Optional<ConfigNode> node = tree.find(COMPARE);
        return node.isPresent() && node.get() instanceof Items items
                ? items.items().get(index).place()
                : tree.place(COMPARE);
    }

    private boolean possible(Paradigm row) {
        boolean recovers = sections.has(INHERITANCE) || sections.has(RECOVERY) || sections.has(DISTILLATION);
        return sections.has(DATA) && row.needs().stream().allMatch(this::there) && (row != Paradigm.CPET || recovers);
    }

    private String possibleRows() {
        String rows = Arrays.stream(Paradigm.values())
                .filter(this::possible)
                .map(Paradigm::key)
                .collect(Collectors.joining(", "));
        return rows.isEmpty() ? "none" : rows;
    }

    private void checkGates(BoundRecipe bound, List<Paradigm> rows) {
        List<String> metrics = bound.evaluation().orElseThrow().metrics();
        List<String> keys = rows.stream().map(Paradigm::key).toList();
        for (int i = 0; i < bound.gates().size(); i++) {
            GateSection gate = bound.gates().get(i);
            if (!metrics.contains(gate.metric())) {
                report(
                        tree.place("gates." + i + ".metric"),
                        Message.unknown("gate on a metric that is not measured", gate.metric(), metrics));
            }
            if (!rows.contains(gate.paradigm())) {
                report(
                        tree.place("gates." + i + ".paradigm"),
                        Message.unknown(
                                "gate on a row that is not in the table",
                                gate.paradigm().key(),
                                keys));
            }
        }
    }

    private void report(Place place, Message message) {
        problems.add(place, message);
    }
}
