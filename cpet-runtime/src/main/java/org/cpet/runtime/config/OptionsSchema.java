package org.cpet.runtime.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cpet.runtime.config.ConfigNode.Scalar;
import org.cpet.runtime.config.ValueType.Choice;
import org.cpet.runtime.config.ValueType.File;
import org.cpet.runtime.config.ValueType.Many;
import org.cpet.runtime.config.ValueType.Nested;
import org.cpet.runtime.config.ValueType.Real;
import org.cpet.runtime.config.ValueType.Text;
import org.cpet.runtime.config.ValueType.Truth;
import org.cpet.runtime.config.ValueType.Whole;

/** JSON Schema (draft 2020-12) of option records, as maps and lists in a fixed order. */
public final class OptionsSchema {
    private OptionsSchema() {}

    /** An object with these keys and no others. */
    public static Map<String, Object> object(List<OptionSpec> specs) {
        return object(specs, new LinkedHashMap<>());
    }

    /**
     * The same with more keys.
     *
     * @param more schemas of further keys, which come first and are not required
     */
    public static Map<String, Object> object(List<OptionSpec> specs, Map<String, Object> more) {
        Map<String, Object> properties = new LinkedHashMap<>(more);
        specs.forEach(spec -> properties.putIfAbsent(spec.key(), key(spec)));
        Map<String, Object> schema = new LinkedHashMap<>();
        List<String> required =
                specs.stream().filter(OptionSpec::required).map(OptionSpec::key).toList();
        // a section without required keys may be left blank, which stands for its defaults
        schema.put("type", required.isEmpty() ? List.of("object", "null") : "object");
        schema.put("properties", properties);
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        schema.put("additionalProperties", false);
        return schema;
    }

    /** The value of one key. */
    public static Map<String, Object> key(OptionSpec spec) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("description", spec.description());
        schema.putAll(value(spec.type(), spec));
        spec.defaultText().ifPresent(text -> schema.put("default", json(text)));
        return schema;
    }

    private static Map<String, Object> value(ValueType type, OptionSpec spec) {
        if (type instanceof Many many) {
            Map<String, Object> item = value(many.item(), spec);
            return Map.of("anyOf", List.of(ordered("type", "array", "items", item), item));
        }
        if (type instanceof Nested nested) {
            return object(OptionSpec.of(nested.type()));
        }
        if (type instanceof Choice choice) {
            return Map.of("enum", choice.keys());
        }
        if (type instanceof Truth) {
            return Map.of("type", "boolean");
        }
        if (type instanceof Whole || type instanceof Real) {
            return number(type instanceof Whole ? "integer" : "number", spec.range());
        }
        return type instanceof Text && !spec.allowed().isEmpty()
                ? Map.of("enum", spec.allowed())
                : ordered("type", "string", "minLength", type instanceof File ? 1 : 0);
    }

    private static Map<String, Object> number(String type, NumberRange range) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", type);
        if (range.hasMin()) {
            schema.put(range.aboveMin() ? "exclusiveMinimum" : "minimum", bound(range.min()));
        }
        if (range.hasMax()) {
            schema.put(range.belowMax() ? "exclusiveMaximum" : "maximum", bound(range.max()));
        }
        return schema;
    }

    private static Number bound(double value) {
        boolean whole = value == Math.rint(value) && Math.abs(value) <= Long.MAX_VALUE;
        return whole ? (Number) (long) value : (Number) value;
    }

    private static Object json(String yaml) {
        return json(RecipeReader.value(Place.of("a default"), yaml, new Problems()));
    }

    private static Object json(ConfigNode node) {
        if (node instanceof ConfigNode.Items items) {
            return items.items().stream().map(OptionsSchema::json).toList();
        }
        if (node instanceof ConfigNode.Section section) {
            Map<String, Object> values = new LinkedHashMap<>();
            section.entries().forEach((key, entry) -> values.put(key, json(entry.value())));
            return values;
        }
        return node instanceof Scalar scalar ? plain(scalar) : node.raw();
    }

    private static Object plain(Scalar scalar) {
        if (scalar.plain() && scalar.text().matches("true|false")) {
            return scalar.text().equals("true");
        }
        if (scalar.plain() && scalar.text().matches("-?(0|[1-9]\\d{0,17})")) {
            return Long.parseLong(scalar.text());
        }
        if (scalar.plain() && scalar.text().matches("-?\\d+(\\.\\d+)?([eE][-+]?\\d+)?")) {
            return Double.parseDouble(scalar.text());
        }
        return scalar.text();
    }

    private static Map<String, Object> ordered(String key, Object value, String second, Object secondValue) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put(key, value);
        schema.put(second, secondValue);
        return schema;
    }
}
