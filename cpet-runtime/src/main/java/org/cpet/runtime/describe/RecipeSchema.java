package org.cpet.runtime.describe;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cpet.runtime.plugin.Kind;
import org.cpet.runtime.plugin.PluginCatalog;
import org.cpet.runtime.plugin.PluginEntry;
import org.cpet.runtime.recipe.RecipeSection;

/** A JSON Schema (draft 2020-12) of recipes, merged from every plugin of a catalog; editors complete and check with it. */
public final class RecipeSchema {
    private final PluginCatalog catalog;

    private RecipeSchema(PluginCatalog catalog) {
        this.catalog = catalog;
    }

    /** The schema as maps, lists, texts and numbers. */
    public static Map<String, Object> of(PluginCatalog catalog) {
        return new RecipeSchema(catalog).document();
    }

    private Map<String, Object> document() {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("name", Map.of("type", "string", "description", "the run's name"));
        properties.put("seed", Map.of("type", "integer", "default", 42, "description", "of everything drawn"));
        for (RecipeSection section : RecipeSection.values()) {
            properties.put(section.key(), section(section));
        }
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.put("title", "CPET recipe");
        schema.put("type", "object");
        schema.put("required", List.of("name", "model"));
        schema.put("additionalProperties", false);
        schema.put("properties", properties);
        return schema;
    }

    private Map<String, Object> section(RecipeSection section) {
        Map<String, Object> one =
                section.kind().isPresent() ? methods(section, section.kind().get()) : keys(section);
        Map<String, Object> described = new LinkedHashMap<>();
        described.put("description", section.description());
        if (section.isList()) {
            described.put("type", "array");
            described.put("items", one);
        } else {
            described.putAll(one);
        }
        return described;
    }

    private static Map<String, Object> keys(RecipeSection section) {
        return section.options().map(OptionSchema::of).orElse(Map.of("type", "object"));
    }

    private Map<String, Object> methods(RecipeSection section, Kind kind) {
        List<Object> choices = new ArrayList<>();
        for (PluginEntry entry : catalog.entries(kind)) {
            choices.add(section.isList() ? listed(entry) : typed(entry));
            if (section.isList()) {
                choices.add(Map.of("const", entry.name()));
            }
        }
        return Map.of("oneOf", choices);
    }

    /** {@code - name: {options}}. */
    private static Map<String, Object> listed(PluginEntry entry) {
        Map<String, Object> options = OptionSchema.of(entry.optionsType());
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("description", entry.description());
        schema.put("required", List.of(entry.name()));
        schema.put("additionalProperties", false);
        schema.put("properties", Map.of(entry.name(), Map.of("oneOf", List.of(options, Map.of("type", "null")))));
        return schema;
    }

    /** {@code {type: name, options}}. */
    private static Map<String, Object> typed(PluginEntry entry) {
        return OptionSchema.withType(entry.optionsType(), entry.name(), entry.description());
    }
}
