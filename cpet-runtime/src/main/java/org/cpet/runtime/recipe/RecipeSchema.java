package org.cpet.runtime.recipe;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cpet.runtime.config.OptionSpec;
import org.cpet.runtime.config.OptionsSchema;
import org.cpet.runtime.plugin.Kind;
import org.cpet.runtime.plugin.PluginCatalog;
import org.cpet.runtime.plugin.PluginEntry;

/**
 * The JSON Schema (draft 2020-12) of recipes, merged from every plugin, for editors. It says what a section may hold;
 * rules between sections and files are left to {@link Recipes}.
 */
public final class RecipeSchema {
    private static final String PROPERTIES = "properties";
    private static final String DESCRIPTION = "description";

    private final PluginCatalog catalog;

    private RecipeSchema(PluginCatalog catalog) {
        this.catalog = catalog;
    }

    /** The schema as maps, lists, texts, numbers and booleans; the same catalog gives the same order. */
    public static Map<String, Object> of(PluginCatalog catalog) {
        return new RecipeSchema(catalog).recipe();
    }

    private Map<String, Object> recipe() {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.put("title", "CPET recipe");
        Map<String, Object> sections = new LinkedHashMap<>();
        OptionSpec.of(HeaderSection.class).forEach(spec -> sections.put(spec.key(), OptionsSchema.key(spec)));
        for (RecipeSection section : RecipeSection.values()) {
            Map<String, Object> described = new LinkedHashMap<>();
            described.put(DESCRIPTION, section.description());
            described.putAll(section(section));
            sections.put(section.key(), described);
        }
        schema.put("type", "object");
        schema.put(PROPERTIES, sections);
        schema.put("required", List.of("name", RecipeSection.MODEL.key()));
        schema.put("additionalProperties", false);
        return schema;
    }

    private Map<String, Object> section(RecipeSection section) {
        return switch (section) {
            case DATA -> data();
            case COMPRESSION -> list(methods(Kind.COMPRESSOR));
            case GATES -> list(OptionsSchema.object(OptionSpec.of(GateSection.class)));
            case EVALUATION -> methodsIn(EvaluationSection.class, "metrics", Kind.METRIC);
            case HEALING -> methodsIn(HealingSection.class, "losses", Kind.DISTILLATION);
            default ->
                section.kind()
                        .map(this::oneMethod)
                        .orElseGet(() -> OptionsSchema.object(
                                OptionSpec.of(section.options().orElseThrow())));
        };
    }

    private Map<String, Object> data() {
        List<String> names = new ArrayList<>(catalog.names(Kind.DATASET));
        names.addAll(catalog.names(Kind.TEMPLATE));
        List<OptionSpec> specs = new ArrayList<>(OptionSpec.of(DataSection.class));
        Map<String, Object> dataset = new LinkedHashMap<>();
        dataset.put(DESCRIPTION, specs.get(0).description());
        dataset.put("enum", names);
        // which reader's options belong to which dataset is checked when the recipe is resolved
        catalog.entries(Kind.DATASET).forEach(entry -> specs.addAll(optional(entry)));
        catalog.entries(Kind.TEMPLATE).forEach(entry -> specs.addAll(optional(entry)));
        return OptionsSchema.object(
                specs, new LinkedHashMap<>(Map.of(specs.get(0).key(), dataset)));
    }

    private static List<OptionSpec> optional(PluginEntry entry) {
        return OptionSpec.of(entry.optionsType()).stream()
                .map(spec -> new OptionSpec(
                        spec.key(),
                        spec.description(),
                        spec.defaultText(),
                        true,
                        spec.type(),
                        spec.range(),
                        spec.allowed()))
                .toList();
    }

    /** A section of which one key holds methods, one or a list of them. */
    private Map<String, Object> methodsIn(Class<? extends Record> section, String key, Kind kind) {
        Map<String, Object> method = methods(kind);
        Map<String, Object> methods = new LinkedHashMap<>();
        methods.put("anyOf", List.of(list(method), method));
        return OptionsSchema.object(OptionSpec.of(section), new LinkedHashMap<>(Map.of(key, methods)));
    }

    /** A section with the method's name in {@code type} and its options beside it. */
    private Map<String, Object> oneMethod(Kind kind) {
        List<Object> choices = new ArrayList<>();
        for (PluginEntry entry : catalog.entries(kind)) {
            Map<String, Object> type = new LinkedHashMap<>(Map.of("const", entry.name()));
            Map<String, Object> choice =
                    OptionsSchema.object(OptionSpec.of(entry.optionsType()), new LinkedHashMap<>(Map.of("type", type)));
            choice.put("type", "object");
            List<String> required = new ArrayList<>(List.of("type"));
            OptionSpec.of(entry.optionsType()).stream()
                    .filter(OptionSpec::required)
                    .forEach(spec -> required.add(spec.key()));
            choice.put("required", required);
            choice.put(DESCRIPTION, entry.description());
            choices.add(choice);
        }
        return new LinkedHashMap<>(Map.of("oneOf", choices));
    }

    /** A name, or a one-key map from a name to its options. */
    private Map<String, Object> methods(Kind kind) {
        List<Object> choices = new ArrayList<>();
        choices.add(Map.of("enum", List.copyOf(catalog.names(kind))));
        for (PluginEntry entry : catalog.entries(kind)) {
            Map<String, Object> options = OptionsSchema.object(OptionSpec.of(entry.optionsType()));
            options.put(DESCRIPTION, entry.description());
            Map<String, Object> choice = new LinkedHashMap<>();
            choice.put("type", "object");
            choice.put(PROPERTIES, Map.of(entry.name(), options));
            choice.put("required", List.of(entry.name()));
            choice.put("additionalProperties", false);
            choices.add(choice);
        }
        return new LinkedHashMap<>(Map.of("oneOf", choices));
    }

    private static Map<String, Object> list(Map<String, Object> item) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "array");
        schema.put("minItems", 1);
        schema.put("items", item);
        return schema;
    }
}
