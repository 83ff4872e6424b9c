package org.cpet.runtime.study;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cpet.runtime.recipe.Paradigm;
import org.cpet.runtime.study.Variant.Change;

/** The eight combinations of inheriting, recovering and distilling; what is off is a section that is absent. */
final class Ablation {
    /** In the order of the paper's Table 3. */
    private static final List<List<String>> COMBINATIONS = List.of(
            List.of(),
            List.of("inheritance"),
            List.of("recovery"),
            List.of("distillation"),
            List.of("inheritance", "recovery"),
            List.of("inheritance", "distillation"),
            List.of("recovery", "distillation"),
            List.of("inheritance", "recovery", "distillation"));

    private static final Map<String, String> SHORT = Map.of("inheritance", "I", "recovery", "R", "distillation", "D");

    private Ablation() {}

    static List<Variant> of(StudyFile study) {
        List<Variant> variants = new ArrayList<>();
        variants.add(new Variant("teacher", settings(List.of(), "-"), List.of(), List.of(Paradigm.TEACHER)));
        COMBINATIONS.forEach(present -> variants.add(variant(study, present)));
        return variants;
    }

    private static Variant variant(StudyFile study, List<String> present) {
        List<Change> changes = new ArrayList<>();
        List<String> name = new ArrayList<>();
        for (String section : COMBINATIONS.get(COMBINATIONS.size() - 1)) {
            if (present.contains(section)) {
                name.add(SHORT.getOrDefault(section, section));
            } else {
                changes.add(study.without(section));
            }
        }
        return new Variant(
                name.isEmpty() ? "none" : String.join(" + ", name),
                settings(present, "no"),
                changes,
                // with none of the three, CPET is a PET that learns on the compressed model alone
                List.of(present.isEmpty() ? Paradigm.COMPRESSED_PET : Paradigm.CPET));
    }

    private static Map<String, String> settings(List<String> present, String absent) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("inherit", present.contains("inheritance") ? "yes" : absent);
        settings.put("recover", present.contains("recovery") ? "yes" : absent);
        settings.put("distill", present.contains("distillation") ? "yes" : absent);
        return settings;
    }
}
