package org.cpet.runtime.plugin;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cpet.runtime.config.Message;
import org.cpet.runtime.config.OptionSpec;
import org.cpet.runtime.config.TextTable;
import org.cpet.runtime.config.ValueType.Nested;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;

/**
 * What recipes can name, for people and for scripts.
 *
 * @param entries in the order of kinds and names
 * @param detailed whether the text shows options
 */
public record Listing(List<PluginEntry> entries, boolean detailed) {
    public Listing {
        entries = List.copyOf(entries);
    }

    /** Every extension. */
    public static Listing of(PluginCatalog catalog) {
        return new Listing(catalog.entries(), false);
    }

    /**
     * The extensions of a kind with their options.
     *
     * @throws CpetException with exit code 2 when there is no such kind
     */
    public static Listing of(PluginCatalog catalog, String kind) {
        return new Listing(catalog.entries(kind(kind)), true);
    }

    /**
     * One extension with its options.
     *
     * @throws CpetException when there is no such kind or name
     */
    public static Listing of(PluginCatalog catalog, String kind, String name) {
        Kind found = kind(kind);
        PluginEntry entry = catalog.find(found, name).orElseThrow(() -> {
            PluginCatalog.Unknown unknown = catalog.unknown(found, name);
            return new CpetException(unknown.exitCode(), unknown.message().text());
        });
        return new Listing(List.of(entry), true);
    }

    private static Kind kind(String key) {
        List<String> known = Arrays.stream(Kind.values()).map(Kind::key).toList();
        return Kind.of(key).orElseThrow(() -> {
            String what = "no kind of extension named '" + Message.oneLine(key) + "'";
            return new CpetException(
                    ExitCode.RECIPE, Message.unknown(what, key, known).text());
        });
    }

    /** For a terminal. */
    public String text() {
        return detailed ? details() : overview();
    }

    /** For scripts: one map for each extension. */
    public List<Map<String, Object>> document() {
        return entries.stream().map(Listing::document).toList();
    }

    private String overview() {
        TextTable table = new TextTable("kind", "name", "description", "from");
        entries.forEach(entry -> table.row(
                entry.kind().key(),
                entry.name(),
                entry.description(),
                entry.origin().label()));
        return table.text();
    }

    private String details() {
        StringBuilder text = new StringBuilder();
        for (PluginEntry entry : entries) {
            text.append(text.isEmpty() ? "" : "\n");
            text.append(entry.kind().key()).append(' ').append(entry.name()).append(": ");
            text.append(entry.description()).append('\n').append("from ").append(entry.origin());
            entry.origin()
                    .version()
                    .ifPresent(version -> text.append(", version ").append(version));
            text.append("\n\n");
            TextTable table = new TextTable("option", "default", "allowed", "description");
            options(entry)
                    .forEach((key, spec) -> table.row(key, standard(spec), spec.allowedText(), spec.description()));
            text.append(table.isEmpty() ? "no options\n" : table.text());
        }
        return text.toString();
    }

    private static String standard(OptionSpec spec) {
        return spec.defaultText().orElse(spec.optional() ? "" : "(required)");
    }

    private static Map<String, Object> document(PluginEntry entry) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("kind", entry.kind().key());
        json.put("name", entry.name());
        json.put("description", entry.description());
        json.put("class", entry.factory().getClass().getName());
        json.put("origin", entry.origin().path().toString());
        entry.origin().version().ifPresent(version -> json.put("version", version));
        List<Map<String, Object>> options = new ArrayList<>();
        options(entry).forEach((key, spec) -> options.add(document(key, spec)));
        json.put("options", options);
        return json;
    }

    private static Map<String, Object> document(String key, OptionSpec spec) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("key", key);
        json.put("description", spec.description());
        json.put("required", spec.required());
        Optional<String> standard = spec.defaultText();
        standard.ifPresent(text -> json.put("default", text));
        json.put("allowed", spec.allowedText());
        return json;
    }

    /** The options by key, those of nested records as {@code outer.inner}. */
    private static Map<String, OptionSpec> options(PluginEntry entry) {
        Map<String, OptionSpec> options = new LinkedHashMap<>();
        collect("", entry.optionsType(), options);
        return options;
    }

    private static void collect(String prefix, Class<? extends Record> type, Map<String, OptionSpec> options) {
        for (OptionSpec spec : OptionSpec.of(type)) {
            if (spec.type() instanceof Nested nested) {
                collect(prefix + spec.key() + ".", nested.type(), options);
            } else {
                options.put(prefix + spec.key(), spec);
            }
        }
    }
}
