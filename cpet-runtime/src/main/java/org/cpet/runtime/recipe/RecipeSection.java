package org.cpet.runtime.recipe;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.cpet.runtime.plugin.Kind;
import org.jspecify.annotations.Nullable;

/** The sections of a recipe in the paper's order, each with what its keys come from. */
public enum RecipeSection {
    MODEL("which model, for which task, and where it runs", ModelSection.class, null, Form.SECTION),
    DATA("which rows", DataSection.class, null, Form.SECTION),
    PET("P: the task module", null, Kind.PET, Form.SECTION),
    TEACHER("P(M): the task module on the original model", TeacherSection.class, null, Form.SECTION),
    ESTIMATION(
            "which parts of M and P are worth training: found early, before compression",
            null,
            Kind.ESTIMATION,
            Form.SECTION),
    COMPRESSION("M to C: compressors, applied in order", null, Kind.COMPRESSOR, Form.LIST),
    HEALING(
            "C's own weights learn on plain text, without the task, to compute what M computes; before they are packed",
            HealingSection.class,
            null,
            Form.SECTION),
    INHERITANCE("how P(C) starts from P(M)", InheritanceSection.class, null, Form.SECTION),
    RECOVERY("R: what restores what compression lost", null, Kind.RECOVERY, Form.SECTION),
    DISTILLATION("L_DIST: how the student follows the teacher", null, Kind.DISTILLATION, Form.SECTION),
    TASK_LOSS("L_task, where the task's own loss is not wanted", null, Kind.TASK_LOSS, Form.SECTION),
    TRAINING("how the compressed model's modules are trained", TrainingSection.class, null, Form.SECTION),
    EVALUATION("what is measured, on which rows of the table", EvaluationSection.class, null, Form.SECTION),
    EXPORT("what is written beside the report", ExportSection.class, null, Form.SECTION),
    GATES("conditions that a finished run must meet", GateSection.class, null, Form.LIST);

    private final String description;
    private final Optional<Class<? extends Record>> options;
    private final Optional<Kind> kind;
    private final Form form;

    RecipeSection(String description, @Nullable Class<? extends Record> options, @Nullable Kind kind, Form form) {
        this.description = description;
        this.options = Optional.ofNullable(options);
        this.kind = Optional.ofNullable(kind);
        this.form = form;
    }

    /** As a recipe writes it. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** One line for people. */
    public String description() {
        return description;
    }

    /** The record of its keys; empty where a method's own options are the keys. */
    public Optional<Class<? extends Record>> options() {
        return options;
    }

    /** The kind of method it names. */
    public Optional<Kind> kind() {
        return kind;
    }

    /** Whether it is a list of entries. */
    public boolean isList() {
        return form == Form.LIST;
    }

    /** The keys of all sections, in order. */
    public static List<String> keys() {
        return Arrays.stream(values()).map(RecipeSection::key).toList();
    }

    private enum Form {
        SECTION,
        LIST
    }
}
