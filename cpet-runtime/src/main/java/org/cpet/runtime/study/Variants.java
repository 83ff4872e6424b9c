package org.cpet.runtime.study;

import static org.cpet.runtime.recipe.Paradigm.COMPRESSED_PET;
import static org.cpet.runtime.recipe.Paradigm.CPET;
import static org.cpet.runtime.recipe.Paradigm.TEACHER;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.cpet.runtime.config.ConfigNode.Scalar;
import org.cpet.runtime.config.Message;
import org.cpet.runtime.config.Problems;
import org.cpet.runtime.plugin.PluginCatalog;
import org.cpet.runtime.recipe.Paradigm;
import org.cpet.runtime.study.Variant.Change;

/** The variants of a study, in the order of its table. */
final class Variants {
    private static final String[] CPET_SECTIONS = {
        "teacher", "compression", "inheritance", "recovery", "distillation", "training"
    };

    private final StudyFile study;
    private final PluginCatalog catalog;
    private final Problems problems;
    private final List<String> notices;

    Variants(StudyFile study, PluginCatalog catalog, Problems problems, List<String> notices) {
        this.study = study;
        this.catalog = catalog;
        this.problems = problems;
        this.notices = notices;
    }

    /** All of them; what is wrong goes to the problems. */
    List<Variant> all() {
        List<Variant> variants = switch (study.options().study()) {
            case PARADIGMS -> needing("compression", "teacher", "training") ? paradigms() : List.of();
            case ABLATION -> needing(CPET_SECTIONS) ? Ablation.of(study) : List.of();
            case PARAMETER_CONTROL -> needing(CPET_SECTIONS) ? new ParameterControl(study, catalog).all() : List.of();
            case LATENCY ->
                needing("compression", "training", "recovery")
                        ? List.of(new Variant("one backbone", Map.of(), List.of(), List.of(COMPRESSED_PET, CPET)))
                        : List.of();
            case CONVERGENCE, COMPRESSORS ->
                needing("compression", "training") ? new CompressorVariants(study, problems, notices).all() : List.of();
            case GRID -> new GridVariants(study, problems).all();
        };
        checkNames(variants);
        checkUse();
        return variants;
    }

    private List<Variant> paradigms() {
        List<Variant> variants = new ArrayList<>();
        variants.add(plain("original + PET", TEACHER));
        study.options().small_model().ifPresent(model -> {
            List<Change> changes = new ArrayList<>(List.of(new Change(
                    "model.path",
                    new Scalar(study.tree().place("small_model"), model.toString(), model.toString(), false))));
            for (String section : List.of("compression", "inheritance", "recovery", "distillation", "training")) {
                changes.add(study.without(section));
            }
            variants.add(new Variant("small model + PET", Map.of(), changes, List.of(TEACHER)));
        });
        if (study.options().small_model().isEmpty()) {
            notices.add("no row for a small model: the study file has no 'small_model'");
        }
        variants.add(plain("compressed + PET", COMPRESSED_PET));
        variants.add(plain("compressed + CPET", CPET));
        return variants;
    }

    private static Variant plain(String name, Paradigm row) {
        return new Variant(name, Map.of(), List.of(), List.of(row));
    }

    private boolean needing(String... sections) {
        int before = problems.count();
        for (String section : sections) {
            if (!study.base().root().has(section)) {
                problems.add(
                        study.place(),
                        Message.of("study '" + key(study.options().study()) + "' needs section '" + section
                                + "' in the recipe"));
            }
        }
        return problems.count() == before;
    }

    /** Keys that another study would read. */
    private void checkUse() {
        StudyKind kind = study.options().study();
        onlyFor(GridVariants.GRID, kind == StudyKind.GRID, "grid");
        onlyFor(GridVariants.VARIANTS, kind == StudyKind.GRID, "grid");
        onlyFor("rows", kind == StudyKind.GRID, "grid");
        onlyFor("small_model", kind == StudyKind.PARADIGMS, "paradigms");
        onlyFor(EqualLatency.CANDIDATES, kind == StudyKind.PARADIGMS, "paradigms");
        onlyFor("controls", kind == StudyKind.PARAMETER_CONTROL, "parameter_control");
        onlyFor("nonlinear_pet", kind == StudyKind.PARAMETER_CONTROL, "parameter_control");
        boolean compressors = kind == StudyKind.COMPRESSORS || kind == StudyKind.CONVERGENCE;
        onlyFor(CompressorVariants.COMPRESSORS, compressors, "compressors, convergence");
        onlyFor(CompressorVariants.IDEAL, kind == StudyKind.COMPRESSORS, "compressors");
    }

    private void onlyFor(String key, boolean used, String studies) {
        if (!used && study.tree().root().has(key)) {
            problems.add(
                    study.tree().root().keyPlace(key),
                    Message.of("'" + key + "' is not for study '"
                                    + key(study.options().study()) + "'")
                            .allowed("study: " + studies));
        }
    }

    private void checkNames(List<Variant> variants) {
        Set<String> names = new HashSet<>();
        for (Variant variant : variants) {
            if (!names.add(variant.name())) {
                problems.add(
                        study.tree().place(GridVariants.GRID),
                        Message.of("duplicate variant").found(variant.name()).allowed("each once"));
            }
        }
    }

    static String key(StudyKind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }
}
