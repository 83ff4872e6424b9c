package org.cpet.runtime.study;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.cpet.runtime.config.ConfigNode;
import org.cpet.runtime.config.ConfigNode.Items;
import org.cpet.runtime.config.ConfigNode.Scalar;
import org.cpet.runtime.config.ConfigNode.Section;
import org.cpet.runtime.config.ConfigNode.Unreadable;
import org.cpet.runtime.config.Message;
import org.cpet.runtime.config.Problems;
import org.cpet.runtime.study.Variant.Change;

/**
 * Every combination of the values in {@code grid}, and of the {@code variants} by name. A value may be a whole section;
 * values may be listed, or named in a section.
 */
final class GridVariants {
    static final String GRID = "grid";
    static final String VARIANTS = "variants";

    private static final int MOST = 1_000;

    private final StudyFile study;
    private final Problems problems;

    GridVariants(StudyFile study, Problems problems) {
        this.study = study;
        this.problems = problems;
    }

    /** A value of an axis. */
    private record Choice(String name, List<Change> changes) {}

    /** The variants; none after a problem. */
    List<Variant> all() {
        int before = problems.count();
        Map<String, List<Choice>> axes = new LinkedHashMap<>();
        section(GRID, "keys of the recipe with lists of values, as {training.learning_rate: [1.0e-3, 5.0e-4]}")
                .ifPresent(grid -> grid.entries().forEach((key, entry) -> axes.put(key, axis(key, entry))));
        section(VARIANTS, "names with keys of the recipe, as {small: {pet.r: 4}}")
                .ifPresent(named -> axes.put("variant", named(named)));
        if (axes.isEmpty() && problems.count() == before) {
            problems.add(
                    study.tree().root().place(),
                    Message.of("the study has nothing to vary")
                            .allowed("'" + GRID + "', '" + VARIANTS + "', or 'study: ablation' and the like"));
        }
        long count = axes.values().stream().mapToLong(List::size).reduce(1, (a, b) -> Math.min(a * b, MOST + 1L));
        if (count > MOST) {
            problems.add(
                    study.tree().place(GRID),
                    Message.of("the grid is too large").allowed("at most " + MOST + " combinations"));
        }
        axes.values().removeIf(List::isEmpty); // a problem was reported; the others are checked all the same
        return count > MOST ? List.of() : product(axes);
    }

    private Optional<Section> section(String key, String allowed) {
        Optional<ConfigNode> node = study.tree().root().get(key);
        if (node.isPresent() && node.get() instanceof Section section) {
            return Optional.of(section);
        }
        if (node.isPresent() && !(node.get() instanceof Unreadable)) {
            problems.add(
                    node.get().place(),
                    Message.of(key + " is not a section")
                            .found(node.get().raw())
                            .allowed(allowed));
        }
        return Optional.empty();
    }

    private List<Choice> axis(String key, ConfigNode.Entry entry) {
        if (key.equals("seed") || key.equals("name")) {
            problems.add(
                    entry.keyPlace(),
                    Message.of("grid over '" + key + "'").found(key).allowed("'seeds' of the study, other keys"));
            return List.of();
        }
        List<Choice> choices = new ArrayList<>();
        if (entry.value() instanceof Items items) {
            for (ConfigNode value : items.items()) {
                choices.add(new Choice(name(value, choices.size()), List.of(new Change(key, value))));
            }
        } else if (entry.value() instanceof Section named) {
            named.entries()
                    .forEach((name, value) -> choices.add(new Choice(name, List.of(new Change(key, value.value())))));
        }
        if (choices.isEmpty() && !(entry.value() instanceof Unreadable)) {
            problems.add(
                    entry.value().place(),
                    Message.of("grid." + key + " has no values")
                            .found(entry.value().raw())
                            .allowed("a list of values, or names with values"));
        }
        return choices;
    }

    private List<Choice> named(Section section) {
        List<Choice> choices = new ArrayList<>();
        section.entries().forEach((name, entry) -> {
            if (entry.value() instanceof Section keys) {
                List<Change> changes = new ArrayList<>();
                keys.entries().forEach((key, value) -> changes.add(new Change(key, value.value())));
                choices.add(new Choice(name, changes));
            } else if (!(entry.value() instanceof Unreadable)) {
                problems.add(
                        entry.value().place(),
                        Message.of("variants." + name + " is not a section")
                                .found(entry.value().raw())
                                .allowed("keys of the recipe with values, or {}"));
            }
        });
        return choices;
    }

    private static String name(ConfigNode value, int index) {
        String raw = Message.oneLine(value.raw(), 40);
        boolean named = value instanceof Scalar || raw.startsWith("[") || raw.startsWith("{");
        return named ? raw : "#" + (index + 1);
    }

    private List<Variant> product(Map<String, List<Choice>> axes) {
        List<Map<String, Choice>> combinations = new ArrayList<>(List.of(new LinkedHashMap<>()));
        axes.forEach((axis, choices) -> {
            List<Map<String, Choice>> longer = new ArrayList<>();
            for (Map<String, Choice> combination : combinations) {
                for (Choice choice : choices) {
                    Map<String, Choice> more = new LinkedHashMap<>(combination);
                    more.put(axis, choice);
                    longer.add(more);
                }
            }
            combinations.clear();
            combinations.addAll(longer);
        });
        return combinations.stream().map(this::variant).toList();
    }

    private Variant variant(Map<String, Choice> combination) {
        Map<String, String> settings = new LinkedHashMap<>();
        List<Change> changes = new ArrayList<>();
        combination.forEach((axis, choice) -> {
            settings.put(axis, choice.name());
            changes.addAll(choice.changes());
        });
        String name = settings.entrySet().stream()
                .map(setting -> setting.getKey().equals("variant")
                        ? setting.getValue()
                        : setting.getKey() + " " + setting.getValue())
                .collect(Collectors.joining(", "));
        return new Variant(name, settings, changes, study.options().rows().orElse(List.of()));
    }
}
