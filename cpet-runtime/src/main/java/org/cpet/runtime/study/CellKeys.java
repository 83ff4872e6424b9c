package org.cpet.runtime.study;

import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.cpet.runtime.checkpoint.Hashes;
import org.cpet.runtime.recipe.Paradigm;

/** Hashes of what a run, or one of its stages, depends on: sections of the resolved recipe, and the files it reads. */
final class CellKeys {
    private static final int DIGITS = 16;
    private static final Set<String> NOWHERE = Set.of("name", "export", "gates");
    /** Sections that a stage has nothing to do with; whatever is not named here, it may depend on. */
    private static final ImmutableMap<Paradigm, Set<String>> FOREIGN = ImmutableMap.of(
            Paradigm.TEACHER, Set.of("compression", "healing", "inheritance", "recovery", "distillation", "training"),
            Paradigm.COMPRESSED, Set.of("teacher", "inheritance", "recovery", "distillation", "training"),
            Paradigm.COMPRESSED_PET, Set.of("teacher", "inheritance", "recovery", "distillation"),
            Paradigm.INHERITED, Set.of("recovery", "distillation", "training"),
            Paradigm.CPET, Set.of());

    private CellKeys() {}

    /**
     * The key of a run.
     *
     * @param recipe the resolved recipe
     * @param inputs hashes of the files it reads
     */
    static String cell(String recipe, String inputs) {
        return Hashes.sha256(recipe + "\n" + inputs).substring(0, DIGITS);
    }

    /** The keys of the stages a run may share, in the order of the algorithm. */
    static Map<Paradigm, String> stages(String recipe, String inputs) {
        Map<String, String> sections = sections(recipe);
        Map<Paradigm, String> keys = new LinkedHashMap<>();
        for (Paradigm paradigm : Paradigm.values()) {
            Set<String> foreign = FOREIGN.getOrDefault(paradigm, Set.of());
            String text = sections.entrySet().stream()
                    .filter(section -> !NOWHERE.contains(section.getKey()) && !foreign.contains(section.getKey()))
                    .map(Map.Entry::getValue)
                    .collect(Collectors.joining());
            keys.put(paradigm, Hashes.sha256(paradigm + "\n" + text + inputs));
        }
        return keys;
    }

    /** The recipe without what decides which rows are measured: runs that differ in nothing else are one. */
    static String withoutRows(String recipe) {
        return String.join("", sections(recipe).values());
    }

    /** The text of each section as it stands in a resolved recipe; which rows are measured belongs to none. */
    private static Map<String, String> sections(String recipe) {
        Map<String, List<String>> sections = new LinkedHashMap<>();
        String name = "";
        for (String line : recipe.lines().toList()) {
            if (!line.startsWith(" ")) {
                name = line.substring(0, line.indexOf(':'));
            }
            if (!line.startsWith("  compare:")) {
                sections.computeIfAbsent(name, none -> new ArrayList<>()).add(line + "\n");
            }
        }
        Map<String, String> texts = new LinkedHashMap<>();
        sections.forEach((section, lines) -> texts.put(section, String.join("", lines)));
        return texts;
    }
}
