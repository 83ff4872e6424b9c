package org.cpet.runtime.study;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.cpet.runtime.config.ConfigNode;
import org.cpet.runtime.config.ConfigNode.Items;
import org.cpet.runtime.config.ConfigNode.Scalar;
import org.cpet.runtime.config.ConfigNode.Section;
import org.cpet.runtime.config.Message;
import org.cpet.runtime.config.Problems;
import org.cpet.runtime.recipe.Paradigm;
import org.cpet.runtime.study.Variant.Change;

/** The original model, each compressor of the recipe alone, and all of them; or the stacks that the study names. */
final class CompressorVariants {
    static final String COMPRESSORS = "compressors";
    static final String IDEAL = "ideal";

    private static final String SECTION = "compression";

    private final StudyFile study;
    private final Problems problems;
    private final List<String> notices;

    CompressorVariants(StudyFile study, Problems problems, List<String> notices) {
        this.study = study;
        this.problems = problems;
        this.notices = notices;
    }

    List<Variant> all() {
        Map<String, Double> ideal = ideal();
        if (ideal.isEmpty() && study.options().study() == StudyKind.COMPRESSORS) {
            notices.add("no ideal sizes and speeds: the study file has no '" + IDEAL + "'");
        }
        List<Paradigm> possible = study.recipe().evaluation().compare();
        List<Variant> variants = new ArrayList<>();
        if (possible.contains(Paradigm.TEACHER)) {
            variants.add(new Variant("original", settings(List.of(), ideal), List.of(), List.of(Paradigm.TEACHER)));
        }
        List<Paradigm> shown = (study.options().study() == StudyKind.CONVERGENCE
                        ? Stream.of(Paradigm.COMPRESSED_PET, Paradigm.CPET)
                        : Stream.of(Paradigm.COMPRESSED, Paradigm.COMPRESSED_PET, Paradigm.CPET))
                .filter(possible::contains)
                .toList();
        stacks().forEach((name, stack) -> variants.add(
                new Variant(name, settings(methods(stack), ideal), List.of(new Change(SECTION, stack)), shown)));
        return variants;
    }

    private Map<String, ConfigNode> stacks() {
        Map<String, ConfigNode> stacks = new LinkedHashMap<>();
        Optional<ConfigNode> given = study.tree().root().get(COMPRESSORS);
        if (given.isPresent() && given.get() instanceof Section named) {
            named.entries().forEach((name, entry) -> stacks.put(name, entry.value()));
        } else if (given.isPresent()) {
            problems.add(
                    given.get().place(),
                    Message.of(COMPRESSORS + " is not a section")
                            .found(given.get().raw())
                            .allowed("names with lists of compressors, as {q: [{int8: {}}]}"));
        } else if (study.base().root().get(SECTION).orElseThrow() instanceof Items all) {
            for (ConfigNode each : all.items()) {
                Items alone = new Items(each.place(), "[" + each.raw() + "]", List.of(each));
                stacks.merge(String.join(" + ", methods(alone)), alone, (first, second) -> first);
            }
            if (all.items().size() > 1) {
                stacks.put("all", all);
            }
        }
        return stacks;
    }

    private static List<String> methods(ConfigNode stack) {
        List<String> names = new ArrayList<>();
        if (stack instanceof Items items) {
            for (ConfigNode each : items.items()) {
                if (each instanceof Section section) {
                    names.addAll(section.keys());
                } else if (each instanceof Scalar scalar) {
                    names.add(scalar.text());
                }
            }
        }
        return names;
    }

    /** How many times smaller and faster a method makes a model on paper. */
    private Map<String, Double> ideal() {
        Map<String, Double> factors = new LinkedHashMap<>();
        Optional<ConfigNode> given = study.tree().root().get(IDEAL);
        if (given.isPresent() && given.get() instanceof Section section) {
            section.entries()
                    .forEach((method, entry) -> factor(entry.value())
                            .ifPresentOrElse(
                                    factor -> factors.put(method, factor),
                                    () -> problems.add(
                                            entry.value().place(),
                                            Message.of(IDEAL + "." + method + " is not a factor")
                                                    .found(entry.value().raw())
                                                    .allowed("a number of at least 1"))));
        } else if (given.isPresent()) {
            problems.add(
                    given.get().place(),
                    Message.of(IDEAL + " is not a section")
                            .found(given.get().raw())
                            .allowed("compressors with factors, as {int8: 2}"));
        }
        return factors;
    }

    private static Optional<Double> factor(ConfigNode node) {
        boolean number = node instanceof Scalar scalar
                && scalar.plain()
                && scalar.text().matches("\\d{1,6}(\\.\\d{1,6})?")
                && Double.parseDouble(scalar.text()) >= 1;
        return number ? Optional.of(Double.parseDouble(((Scalar) node).text())) : Optional.empty();
    }

    /** Factors of a stack multiply; a method without one leaves the stack without. */
    private static Map<String, String> settings(List<String> methods, Map<String, Double> ideal) {
        Map<String, String> settings = new LinkedHashMap<>();
        if (!ideal.isEmpty()) {
            boolean known = ideal.keySet().containsAll(methods);
            double factor = methods.stream()
                    .mapToDouble(method -> ideal.getOrDefault(method, 1.0))
                    .reduce(1, (a, b) -> a * b);
            settings.put("ideal size", known ? percent(100 / factor) : "-");
            settings.put("ideal speed", known ? percent(100 * factor) : "-");
        }
        return settings;
    }

    private static String percent(double value) {
        return String.format(Locale.ROOT, "%.0f %%", value);
    }
}
