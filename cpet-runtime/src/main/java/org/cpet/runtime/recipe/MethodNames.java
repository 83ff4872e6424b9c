package org.cpet.runtime.recipe;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cpet.runtime.config.ConfigNode;
import org.cpet.runtime.config.ConfigNode.Entry;
import org.cpet.runtime.config.ConfigNode.Items;
import org.cpet.runtime.config.ConfigNode.Scalar;
import org.cpet.runtime.config.ConfigNode.Section;

/** A key of a section that holds methods: its entries are names or one-key maps from a name to its options. */
final class MethodNames {
    private MethodNames() {}

    /** The section with the names alone. */
    static Section only(Section section, String key) {
        Map<String, Entry> entries = new LinkedHashMap<>(section.entries());
        section.get(key)
                .ifPresent(node -> entries.put(
                        key,
                        new Entry(
                                section.keyPlace(key),
                                new Items(
                                        node.place(),
                                        node.raw(),
                                        entries(node).stream()
                                                .map(MethodNames::name)
                                                .toList()))));
        return new Section(section.place(), section.raw(), entries);
    }

    /** The entries as written, or the names that stand in their place. */
    static Items written(Section section, String key, List<String> defaults) {
        return section.get(key)
                .map(node -> new Items(node.place(), node.raw(), entries(node)))
                .orElseGet(() -> new Items(
                        section.place(),
                        "a list",
                        defaults.stream()
                                .map(name -> (ConfigNode) new Scalar(section.place(), name, name, false))
                                .toList()));
    }

    private static List<ConfigNode> entries(ConfigNode node) {
        return node instanceof Items items ? items.items() : List.of(node);
    }

    private static ConfigNode name(ConfigNode entry) {
        if (entry instanceof Section method && !method.entries().isEmpty()) {
            String first = method.entries().keySet().iterator().next();
            return new Scalar(method.keyPlace(first), first, first, false);
        }
        // whoever reads the entries as written reports what is not a name
        return entry instanceof Scalar ? entry : new Scalar(entry.place(), entry.raw(), entry.raw(), false);
    }
}
