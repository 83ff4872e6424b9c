package org.cpet.runtime.recipe;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cpet.runtime.config.ConfigNode;
import org.cpet.runtime.config.ConfigNode.Entry;
import org.cpet.runtime.config.ConfigNode.Items;
import org.cpet.runtime.config.ConfigNode.Scalar;
import org.cpet.runtime.config.ConfigNode.Section;

/** {@code evaluation.metrics}, whose entries are names or one-key maps from a name to its options. */
final class MetricNames {
    private static final String KEY = "metrics";

    private MetricNames() {}

    /** The section with the names alone. */
    static Section only(Section evaluation) {
        Map<String, Entry> entries = new LinkedHashMap<>(evaluation.entries());
        evaluation
                .get(KEY)
                .ifPresent(node -> entries.put(
                        KEY,
                        new Entry(
                                evaluation.keyPlace(KEY),
                                new Items(
                                        node.place(),
                                        node.raw(),
                                        entries(node).stream()
                                                .map(MetricNames::name)
                                                .toList()))));
        return new Section(evaluation.place(), evaluation.raw(), entries);
    }

    /** The entries as written, or the names that stand in their place. */
    static Items written(Section evaluation, List<String> defaults) {
        return evaluation
                .get(KEY)
                .map(node -> new Items(node.place(), node.raw(), entries(node)))
                .orElseGet(() -> new Items(
                        evaluation.place(),
                        "a list",
                        defaults.stream()
                                .map(name -> (ConfigNode) new Scalar(evaluation.place(), name, name, false))
                                .toList()));
    }

    private static List<ConfigNode> entries(ConfigNode node) {
        return node instanceof Items items ? items.items() : List.of(node);
    }

    private static ConfigNode name(ConfigNode entry) {
        if (entry instanceof Section section && !section.entries().isEmpty()) {
            String first = section.entries().keySet().iterator().next();
            return new Scalar(section.keyPlace(first), first, first, false);
        }
        // whoever reads the entries as written reports what is not a name
        return entry instanceof Scalar ? entry : new Scalar(entry.place(), entry.raw(), entry.raw(), false);
    }
}
