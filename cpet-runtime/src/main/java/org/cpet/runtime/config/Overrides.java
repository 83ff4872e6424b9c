package org.cpet.runtime.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cpet.runtime.config.ConfigNode.Entry;
import org.cpet.runtime.config.ConfigNode.Items;
import org.cpet.runtime.config.ConfigNode.Scalar;
import org.cpet.runtime.config.ConfigNode.Section;
import org.jspecify.annotations.Nullable;

/**
 * Values from the command line: {@code a.b=c} puts c, read as YAML, at a.b and makes the sections on the way. A number
 * in the path counts list items from 0; the first free number appends. {@code a=null} takes a section out.
 */
public final class Overrides {
    private static final String FORM = "a.b=c";

    private final Problems problems;

    public Overrides(Problems problems) {
        this.problems = problems;
    }

    /** The tree with every assignment made, in order. */
    public ConfigTree apply(ConfigTree tree, List<String> assignments) {
        Section root = tree.root();
        for (String assignment : assignments) {
            if (apply(root, assignment) instanceof Section changed) {
                root = changed;
            }
        }
        return new ConfigTree(tree.source(), tree.folder(), root);
    }

    /** The tree with a value that stands elsewhere put at a path; a null value takes a section out. */
    public ConfigTree put(ConfigTree tree, String key, ConfigNode value) {
        List<String> path = Arrays.asList(key.split("\\.", -1));
        if (path.stream().anyMatch(String::isBlank)) {
            problems.add(
                    value.place(),
                    Message.of("not a path of keys").found(key).allowed("keys with dots between, as a.b"));
            return tree;
        }
        Section root = put(tree.root(), path, 0, value) instanceof Section changed ? changed : tree.root();
        return new ConfigTree(tree.source(), tree.folder(), root);
    }

    private ConfigNode apply(Section root, String assignment) {
        Place place = Place.override(Message.oneLine(assignment));
        int equals = assignment.indexOf('=');
        List<String> path = equals < 0
                ? List.of()
                : Arrays.asList(assignment.substring(0, equals).split("\\.", -1));
        if (path.isEmpty() || path.stream().anyMatch(String::isBlank)) {
            problems.add(
                    place, Message.of("not an assignment").found(assignment).allowed("a path of keys as in " + FORM));
            return root;
        }
        ConfigNode value = RecipeReader.value(place, assignment.substring(equals + 1), problems);
        return put(root, path, 0, value);
    }

    private ConfigNode put(@Nullable ConfigNode node, List<String> path, int at, ConfigNode value) {
        if (at == path.size()) {
            return value;
        }
        String key = path.get(at);
        boolean index = key.matches("\\d{1,4}");
        if (node instanceof Items list) {
            return index ? putItem(list, Integer.parseInt(key), path, at, value) : notAnIndex(list, path, at, value);
        }
        if (node instanceof Section section) {
            return putKey(section, path, at, value);
        }
        if (index && absent(node)) {
            return putItem(new Items(value.place(), "[]", List.of()), Integer.parseInt(key), path, at, value);
        }
        // a bare method name, as `- int8`, stands for a section of that name without options
        Section section = Section.empty(value.place());
        if (node instanceof Scalar scalar && scalar.text().equals(key)) {
            section = new Section(
                    scalar.place(),
                    scalar.raw(),
                    Map.of(key, new Entry(scalar.place(), Section.empty(scalar.place()))));
        }
        return putKey(section, path, at, value);
    }

    private Section putKey(Section section, List<String> path, int at, ConfigNode value) {
        String key = path.get(at);
        Optional<Entry> old = Optional.ofNullable(section.entries().get(key));
        ConfigNode changed = put(old.map(Entry::value).orElse(null), path, at + 1, value);
        Map<String, Entry> entries = new LinkedHashMap<>(section.entries());
        boolean last = at + 1 == path.size();
        Place keyPlace = last ? value.place() : old.map(Entry::keyPlace).orElse(value.place());
        entries.put(key, new Entry(keyPlace, changed));
        return new Section(section.place(), section.raw(), entries);
    }

    private ConfigNode putItem(Items list, int index, List<String> path, int at, ConfigNode value) {
        if (index > list.items().size()) {
            return notAnIndex(list, path, at, value);
        }
        List<ConfigNode> items = new ArrayList<>(list.items());
        boolean append = index == items.size();
        ConfigNode changed = put(append ? null : items.get(index), path, at + 1, value);
        if (append) {
            items.add(changed);
        } else {
            items.set(index, changed);
        }
        return new Items(list.place(), list.raw(), items);
    }

    private ConfigNode notAnIndex(Items list, List<String> path, int at, ConfigNode value) {
        problems.add(
                value.place(),
                Message.of("no such item of the list " + String.join(".", path.subList(0, at)))
                        .found(path.get(at))
                        .allowed("0 to " + list.items().size()));
        return list;
    }

    private static boolean absent(@Nullable ConfigNode node) {
        return node == null || (node instanceof Scalar scalar && (scalar.isBlank() || scalar.isNull()));
    }
}
