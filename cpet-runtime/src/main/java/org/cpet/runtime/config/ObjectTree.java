package org.cpet.runtime.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.cpet.runtime.config.ConfigNode.Entry;
import org.cpet.runtime.config.ConfigNode.Items;
import org.cpet.runtime.config.ConfigNode.Scalar;
import org.cpet.runtime.config.ConfigNode.Section;
import org.cpet.runtime.config.ConfigNode.Unreadable;
import org.jspecify.annotations.Nullable;

/** Makes nodes of a program's values; the place of a value is the path to it, as {@code <recipe>:pet.r}. */
final class ObjectTree {
    private static final int MAX_DEPTH = 20;

    private final String source;
    private final Problems problems;

    ObjectTree(String source, Problems problems) {
        this.source = source;
        this.problems = problems;
    }

    Section root(Map<?, ?> values) {
        return section(values, "", 1);
    }

    private ConfigNode node(@Nullable Object value, String path, int depth) {
        Place place = place(path);
        if (depth > MAX_DEPTH) {
            return unreadable(place, value, "the recipe is nested too deeply", "at most " + MAX_DEPTH + " levels");
        }
        if (value == null) {
            return new Scalar(place, "null", "null", true);
        }
        if (value instanceof Map<?, ?> map) {
            return section(map, path, depth);
        }
        if (value instanceof Iterable<?> items && !(value instanceof Path)) {
            List<ConfigNode> nodes = new ArrayList<>();
            items.forEach(item -> nodes.add(node(item, path + "." + nodes.size(), depth + 1)));
            return new Items(place, String.valueOf(value), nodes);
        }
        if (value instanceof Number || value instanceof Boolean) {
            return new Scalar(place, value.toString(), value.toString(), true);
        }
        if (value instanceof CharSequence || value instanceof Path) {
            return new Scalar(place, value.toString(), value.toString(), false);
        }
        if (value instanceof Enum<?> constant) {
            String name = constant.name().toLowerCase(Locale.ROOT);
            return new Scalar(place, name, name, false);
        }
        return unreadable(
                place, value, "a value has a type that recipes do not know", "maps, lists, texts, numbers, booleans");
    }

    private Section section(Map<?, ?> map, String path, int depth) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        map.forEach((key, value) -> {
            String name = String.valueOf(key);
            String inner = path.isEmpty() ? name : path + "." + name;
            entries.put(name, new Entry(place(inner), node(value, inner, depth + 1)));
        });
        return new Section(place(path), String.valueOf(map), entries);
    }

    private Place place(String path) {
        return Place.of(path.isEmpty() ? source : source + ":" + path);
    }

    private Unreadable unreadable(Place place, @Nullable Object value, String what, String allowed) {
        String type = value == null ? "null" : value.getClass().getName();
        problems.add(place, Message.of(what).found(type).allowed(allowed));
        return new Unreadable(place, type);
    }
}
