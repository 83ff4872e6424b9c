package org.cpet.runtime.describe;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cpet.runtime.config.OptionSpec;
import org.cpet.runtime.plugin.Kind;
import org.cpet.runtime.plugin.PluginCatalog;
import org.cpet.runtime.plugin.PluginEntry;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.Nearest;

/** The extensions of a catalog with their options, defaults and ranges: what {@code cpet list} shows. */
public final class Listing {
    private final List<PluginEntry> entries;

    private Listing(List<PluginEntry> entries) {
        this.entries = entries;
    }

    /** Every extension. */
    public static Listing of(PluginCatalog catalog) {
        return new Listing(catalog.entries());
    }

    /** Those of a kind; a kind that does not exist is answered with those that do. */
    public static Listing of(PluginCatalog catalog, String kind) {
        return new Listing(catalog.entries(kind(kind)));
    }

    /** One extension. */
    public static Listing of(PluginCatalog catalog, String kind, String name) {
        Kind found = kind(kind);
        Optional<PluginEntry> entry = catalog.find(found, name);
        if (entry.isEmpty()) {
            PluginCatalog.Unknown unknown = catalog.unknown(found, name);
            throw new CpetException(unknown.exitCode(), unknown.message().toString());
        }
        return new Listing(List.of(entry.get()));
    }

    /** For a terminal: one line an extension, and below it one line an option. */
    public String text() {
        StringBuilder text = new StringBuilder();
        for (PluginEntry entry : entries) {
            text.append(entry.kind().key()).append("  ").append(entry.label()).append('\n');
            text.append("    ").append(entry.description()).append('\n');
            for (OptionSpec option : OptionSpec.of(entry.optionsType())) {
                text.append("    ").append(line(option)).append('\n');
            }
        }
        return text.toString();
    }

    /** For scripts: maps, lists and texts. */
    public List<Map<String, Object>> document() {
        List<Map<String, Object>> document = new ArrayList<>();
        for (PluginEntry entry : entries) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("kind", entry.kind().key());
            one.put("name", entry.name());
            one.put("description", entry.description());
            one.put("origin", entry.origin().label());
            one.put(
                    "options",
                    OptionSpec.of(entry.optionsType()).stream()
                            .map(Listing::document)
                            .toList());
            document.add(one);
        }
        return document;
    }

    private static String line(OptionSpec option) {
        String value = option.required() ? "required" : option.defaultText().orElse("optional");
        return option.key() + " (" + value + "): " + option.description() + "; " + option.allowedText();
    }

    private static Map<String, Object> document(OptionSpec option) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("key", option.key());
        one.put("description", option.description());
        one.put("required", option.required());
        option.defaultText().ifPresent(text -> one.put("default", text));
        one.put("allowed", option.allowedText());
        return one;
    }

    private static Kind kind(String key) {
        List<String> keys = List.of(Kind.values()).stream().map(Kind::key).toList();
        return Kind.of(key)
                .orElseThrow(() -> new CpetException(
                        ExitCode.RECIPE,
                        "no kind of extension named '" + key + "'; found " + key + "; allowed "
                                + String.join(", ", keys) + Nearest.hint(key, keys)));
    }
}
