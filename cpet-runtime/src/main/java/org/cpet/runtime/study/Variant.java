package org.cpet.runtime.study;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cpet.runtime.config.ConfigNode;
import org.cpet.runtime.recipe.Paradigm;

/**
 * The recipe with some of it changed.
 *
 * @param name as tables show it
 * @param settings what the variant is, by column of the table
 * @param changes in order
 * @param rows of the run's table that the study shows; all when empty
 */
public record Variant(String name, Map<String, String> settings, List<Change> changes, List<Paradigm> rows) {
    public Variant {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
        changes = List.copyOf(changes);
        rows = List.copyOf(rows);
    }

    /** The same, of which the study shows these rows. */
    Variant withRows(List<Paradigm> shown) {
        return new Variant(name, settings, changes, shown);
    }

    /**
     * A value at a path of keys.
     *
     * @param value with its place in the study file; null takes a section out
     */
    public record Change(String key, ConfigNode value) {}
}
