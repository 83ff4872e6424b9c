package org.cpet.runtime.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A value of a recipe with its place and the text as written. */
public sealed interface ConfigNode {
    /** Where the value starts. */
    Place place();

    /** The text as written, quotes included; block lists and sections are named instead of quoted. */
    String raw();

    /**
     * A number, a text, true or false, or nothing.
     *
     * @param text the value without quotes and escapes
     * @param plain whether it was written without quotes, so that it may stand for a number
     */
    record Scalar(Place place, String raw, String text, boolean plain) implements ConfigNode {
        /** Written as {@code null} or {@code ~}: as if the key were not there. */
        public boolean isNull() {
            return plain && (text.equals("null") || text.equals("~"));
        }

        /** Nothing was written after the key. */
        public boolean isBlank() {
            return plain && text.isEmpty();
        }
    }

    /** Values in order. */
    record Items(Place place, String raw, List<ConfigNode> items) implements ConfigNode {
        public Items {
            items = List.copyOf(items);
        }
    }

    /** Keys with values, in the order written. */
    record Section(Place place, String raw, Map<String, Entry> entries) implements ConfigNode {
        public Section {
            entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
        }

        /** A section without keys. */
        public static Section empty(Place place) {
            return new Section(place, "{}", Map.of());
        }

        /** The value of a key, unless it is absent or null. */
        public Optional<ConfigNode> get(String key) {
            return Optional.ofNullable(entries.get(key))
                    .map(Entry::value)
                    .filter(value -> !(value instanceof Scalar scalar && scalar.isNull()));
        }

        /** Whether the key has a value. */
        public boolean has(String key) {
            return get(key).isPresent();
        }

        /** The keys written. */
        public Set<String> keys() {
            return entries.keySet();
        }

        /** Where a key was written, or the section itself. */
        public Place keyPlace(String key) {
            Entry entry = entries.get(key);
            return entry == null ? place : entry.keyPlace();
        }
    }

    /** A key and its value. */
    record Entry(Place keyPlace, ConfigNode value) {}

    /** A value that could not be read and about which a problem was reported; nobody reports a second one. */
    record Unreadable(Place place, String raw) implements ConfigNode {}
}
