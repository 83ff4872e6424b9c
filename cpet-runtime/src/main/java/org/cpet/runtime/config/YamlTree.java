package org.cpet.runtime.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cpet.runtime.config.ConfigNode.Entry;
import org.cpet.runtime.config.ConfigNode.Items;
import org.cpet.runtime.config.ConfigNode.Scalar;
import org.cpet.runtime.config.ConfigNode.Section;
import org.cpet.runtime.config.ConfigNode.Unreadable;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;

/**
 * Makes nodes of YAML. It reads parser events, because only they still know quotes, anchors, tags and exact places;
 * nothing is resolved to numbers here.
 */
final class YamlTree {
    private static final int MAX_DEPTH = 20;
    private static final int MAX_SCALAR = 64 * 1024;
    private static final int MAX_KEY = 256;
    private static final String MERGE = "<<";

    private final YamlEvents events;
    private final Problems problems;

    private YamlTree(YamlEvents events, Problems problems) {
        this.events = events;
        this.problems = problems;
    }

    /** A whole recipe. */
    static Section recipe(String source, String text, Problems problems) {
        Place start = new Place(source, 1, 1);
        YamlEvents events = new YamlEvents(
                text, start, mark -> new Place(source, mark.getLine() + 1, mark.getColumn() + 1), problems);
        ConfigNode node = new YamlTree(events, problems).document().orElse(new Scalar(start, "", "", true));
        if (node instanceof Section section) {
            return section;
        }
        boolean empty = node instanceof Scalar scalar && (scalar.isBlank() || scalar.isNull());
        Message message = empty
                ? Message.of("the recipe is empty")
                : Message.of("the recipe is not a section").found(node.raw());
        throw events.stop(empty ? start : node.place(), message.allowed("keys with values, as name: value"));
    }

    /** A value whose parts all stand at one place; no text at all is a blank value. */
    static ConfigNode value(Place place, String text, Problems problems) {
        YamlEvents events = new YamlEvents(text, place, mark -> place, problems);
        return new YamlTree(events, problems).document().orElse(new Scalar(place, "", "", true));
    }

    private Optional<ConfigNode> document() {
        Optional<ConfigNode> node = Optional.empty();
        for (Event event = events.next(); event.getEventId() != Event.ID.StreamEnd; event = events.next()) {
            if (event instanceof DocumentStartEvent start) {
                if (node.isPresent()) {
                    report("a second document is not allowed", events.rawFrom(event), "one document");
                    return node;
                }
                checkDirectives(start);
                node = Optional.of(node(events.next(), 1, ""));
            }
        }
        return node;
    }

    private void checkDirectives(DocumentStartEvent start) {
        start.getSpecVersion()
                .ifPresent(version -> report("YAML directives are not allowed", "%YAML", "the document alone"));
        if (!start.getTags().isEmpty()) {
            report("tag directives are not allowed", "%TAG", "the document alone");
        }
    }

    private ConfigNode node(Event event, int depth, String path) {
        Place place = events.here();
        if (depth > MAX_DEPTH) {
            throw events.stop(
                    place, Message.of("the recipe is nested too deeply").allowed("at most " + MAX_DEPTH + " levels"));
        }
        if (event instanceof AliasEvent) {
            report("aliases are not allowed", events.rawFrom(event), "the value itself");
            return new Unreadable(place, events.rawFrom(event));
        }
        checkProperties((NodeEvent) event);
        if (event instanceof ScalarEvent scalar) {
            if (scalar.getValue().length() > MAX_SCALAR) {
                throw tooLong(place, "the text is too long", MAX_SCALAR);
            }
            return new Scalar(place, events.rawFrom(event), scalar.getValue(), scalar.isPlain());
        }
        boolean flow = ((CollectionStartEvent) event).isFlow();
        if (event instanceof SequenceStartEvent) {
            List<ConfigNode> items = items(depth, path);
            return new Items(place, flow ? events.rawFrom(event) : "a list", items);
        }
        Map<String, Entry> entries = entries(depth, path);
        return new Section(place, flow ? events.rawFrom(event) : "a section", entries);
    }

    private List<ConfigNode> items(int depth, String path) {
        List<ConfigNode> items = new ArrayList<>();
        for (Event event = events.next(); event.getEventId() != Event.ID.SequenceEnd; event = events.next()) {
            items.add(node(event, depth + 1, path + items.size() + "."));
        }
        return items;
    }

    private Map<String, Entry> entries(int depth, String path) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (Event event = events.next(); event.getEventId() != Event.ID.MappingEnd; event = events.next()) {
            ConfigNode key = node(event, depth + 1, path);
            Optional<String> name = keyName(key);
            ConfigNode value = node(events.next(), depth + 1, path + name.orElse("?") + ".");
            name.ifPresent(text -> put(entries, text, new Entry(key.place(), value), path));
        }
        return entries;
    }

    private void put(Map<String, Entry> entries, String name, Entry entry, String path) {
        if (entries.putIfAbsent(name, entry) != null) {
            String where = path.isEmpty() ? "" : " in " + path.substring(0, path.length() - 1);
            problems.add(
                    entry.keyPlace(),
                    Message.of("duplicate key '" + Message.oneLine(name) + "'" + where)
                            .found(name)
                            .allowed("each key once"));
        }
    }

    private Optional<String> keyName(ConfigNode key) {
        if (!(key instanceof Scalar scalar)) {
            if (!(key instanceof Unreadable)) {
                problems.add(key.place(), Message.of("a key is not a text").found(key.raw()));
            }
            return Optional.empty();
        }
        if (scalar.text().length() > MAX_KEY) {
            throw tooLong(key.place(), "the key is too long", MAX_KEY);
        }
        if (scalar.plain() && scalar.text().equals(MERGE)) {
            problems.add(
                    key.place(),
                    Message.of("merge keys are not allowed").found(MERGE).allowed("the keys themselves"));
            return Optional.empty();
        }
        return Optional.of(scalar.text());
    }

    private void checkProperties(NodeEvent event) {
        event.getAnchor()
                .ifPresent(anchor -> report("anchors are not allowed", "&" + anchor.getValue(), "the value alone"));
        Optional<String> tag =
                event instanceof ScalarEvent scalar ? scalar.getTag() : ((CollectionStartEvent) event).getTag();
        tag.ifPresent(
                name -> report("tags are not allowed", name.replace("tag:yaml.org,2002:", "!!"), "the value alone"));
    }

    private void report(String what, String found, String allowed) {
        problems.add(events.here(), Message.of(what).found(found).allowed(allowed));
    }

    private RecipeException tooLong(Place place, String what, int most) {
        return events.stop(place, Message.of(what).allowed("at most " + most + " characters"));
    }
}
