package org.cpet.runtime.recipe;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.cpet.runtime.config.ConfigNode;
import org.cpet.runtime.config.ConfigNode.Entry;
import org.cpet.runtime.config.ConfigNode.Items;
import org.cpet.runtime.config.ConfigNode.Scalar;
import org.cpet.runtime.config.ConfigNode.Section;
import org.cpet.runtime.config.ConfigNode.Unreadable;
import org.cpet.runtime.config.Message;
import org.cpet.runtime.config.OptionsBinder;
import org.cpet.runtime.config.Place;
import org.cpet.runtime.config.Problems;
import org.cpet.runtime.plugin.Kind;
import org.cpet.runtime.plugin.PluginCatalog;
import org.cpet.runtime.plugin.PluginEntry;

/** Finds the methods that a recipe names and binds their options. */
final class MethodBinder {
    private static final String TYPE = "type";

    private final PluginCatalog catalog;
    private final OptionsBinder options;
    private final Problems problems;

    MethodBinder(PluginCatalog catalog, OptionsBinder options, Problems problems) {
        this.catalog = catalog;
        this.options = options;
        this.problems = problems;
    }

    /** A section with {@code type} and the method's own options beside it. */
    <T> Optional<Configured<T>> one(Kind kind, String path, Section section, Make<T> make) {
        Optional<ConfigNode> type = section.get(TYPE);
        if (type.isEmpty()) {
            problems.add(
                    section.place(),
                    Message.of("missing key 'type' in " + path).allowed(String.join(", ", catalog.names(kind))));
            return Optional.empty();
        }
        if (!(type.get() instanceof Scalar name) || name.isBlank()) {
            problems.add(
                    type.get().place(),
                    Message.of(path + ".type is not a name")
                            .found(type.get().raw())
                            .allowed(String.join(", ", catalog.names(kind))));
            return Optional.empty();
        }
        return find(kind, name.text(), name.place())
                .flatMap(entry -> bind(entry, path, section, Set.of(TYPE)).map(bound -> make.configured(entry, bound)));
    }

    /** A list of one-key maps from names to options; a bare name, or nothing after the name, stands for the defaults. */
    <T> List<Configured<T>> list(Kind kind, String path, Items items, Make<T> make) {
        List<Configured<T>> methods = new ArrayList<>();
        for (int i = 0; i < items.items().size(); i++) {
            String itemPath = path + "." + i;
            named(kind, itemPath, items.items().get(i))
                    .ifPresent(named -> find(kind, named.name, named.place)
                            .flatMap(entry -> bind(entry, itemPath + "." + entry.name(), named.options, Set.of())
                                    .map(bound -> make.configured(entry, bound)))
                            .ifPresent(methods::add));
        }
        return methods;
    }

    /** The method of that name with its own options taken from a section that others read too. */
    <T> Optional<Configured<T>> among(PluginEntry entry, String path, Section section, Make<T> make) {
        return options.bindKnown(entry.optionsType(), path, section).map(bound -> make.configured(entry, bound));
    }

    /** The extension of that name, or a problem that says what there is. */
    Optional<PluginEntry> find(Kind kind, String name, Place place) {
        Optional<PluginEntry> entry = catalog.find(kind, name);
        if (entry.isEmpty()) {
            PluginCatalog.Unknown unknown = catalog.unknown(kind, name);
            problems.add(place, unknown.exitCode(), unknown.message());
        }
        return entry;
    }

    private Optional<? extends Record> bind(PluginEntry entry, String path, Section section, Set<String> foreign) {
        return options.bind(entry.optionsType(), path, section, foreign);
    }

    private Optional<Named> named(Kind kind, String path, ConfigNode item) {
        if (item instanceof Scalar scalar && !scalar.isBlank() && !scalar.isNull()) {
            return Optional.of(new Named(scalar.text(), scalar.place(), Section.empty(scalar.place())));
        }
        if (item instanceof Section section && section.entries().size() == 1) {
            Map.Entry<String, Entry> only =
                    section.entries().entrySet().iterator().next();
            return options(path + "." + only.getKey(), only.getValue().value())
                    .map(found -> new Named(only.getKey(), only.getValue().keyPlace(), found));
        }
        if (!(item instanceof Unreadable)) {
            String what = item instanceof Section section && section.entries().size() > 1
                    ? path + " names several methods in one entry"
                    : path + " names no " + kind.title();
            problems.add(
                    item.place(),
                    Message.of(what)
                            .found(item instanceof Section section ? String.join(", ", section.keys()) : item.raw())
                            .allowed("one name with its options in each entry, as - name: {key: value}"));
        }
        return Optional.empty();
    }

    private Optional<Section> options(String path, ConfigNode value) {
        if (value instanceof Section section) {
            return Optional.of(section);
        }
        if (value instanceof Scalar scalar && (scalar.isBlank() || scalar.isNull())) {
            return Optional.of(Section.empty(value.place()));
        }
        if (!(value instanceof Unreadable)) {
            problems.add(
                    value.place(),
                    Message.of(path + " is not a section").found(value.raw()).allowed("its options, as {key: value}"));
        }
        return Optional.empty();
    }

    /** Puts a factory, which is of the kind asked for, and its options together. */
    interface Make<T> {
        Configured<T> configured(PluginEntry entry, Record options);
    }

    private record Named(String name, Place place, Section options) {}
}
