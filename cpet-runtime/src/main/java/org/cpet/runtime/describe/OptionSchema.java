package org.cpet.runtime.describe;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cpet.runtime.config.NumberRange;
import org.cpet.runtime.config.OptionSpec;
import org.cpet.runtime.config.ValueType;

/** The schema of an options record. */
final class OptionSchema {
    private OptionSchema() {}

    /** An object with the record's keys. */
    static Map<String, Object> of(Class<? extends Record> record) {
        return object(record, new LinkedHashMap<>(), new ArrayList<>());
    }

    /** The same with a key {@code type} that must be {@code name}. */
    static Map<String, Object> withType(Class<? extends Record> record, String name, String description) {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("type", Map.of("const", name, "description", description));
        return object(record, properties, new ArrayList<>(List.of("type")));
    }

    private static Map<String, Object> object(
            Class<? extends Record> record, Map<String, Object> properties, List<String> required) {
        for (OptionSpec option : OptionSpec.of(record)) {
            properties.put(option.key(), value(option));
            if (option.required()) {
                required.add(option.key());
            }
        }
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("additionalProperties", false);
        schema.put("properties", properties);
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        return schema;
    }

    private static Map<String, Object> value(OptionSpec option) {
        Map<String, Object> schema = new LinkedHashMap<>();
        String shown = option.defaultText()
                .map(text -> option.description() + " (default " + text + ")")
                .orElse(option.description());
        schema.put("description", shown);
        schema.putAll(type(option.type(), option.range(), option.allowed()));
        return schema;
    }

    private static Map<String, Object> type(ValueType type, NumberRange range, List<String> allowed) {
        if (type instanceof ValueType.Whole) {
            return number("integer", range);
        } else if (type instanceof ValueType.Real) {
            return number("number", range);
        } else if (type instanceof ValueType.Truth) {
            return Map.of("type", "boolean");
        } else if (type instanceof ValueType.Choice choice) {
            return Map.of("enum", choice.keys());
        } else if (type instanceof ValueType.Nested nested) {
            return of(nested.type());
        } else if (type instanceof ValueType.Many many) {
            Map<String, Object> item = type(many.item(), range, allowed);
            return Map.of("oneOf", List.of(item, Map.of("type", "array", "items", item)));
        }
        return allowed.isEmpty() ? Map.of("type", "string") : Map.of("type", "string", "enum", allowed);
    }

    private static Map<String, Object> number(String type, NumberRange range) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", type);
        if (range.hasMin()) {
            schema.put(range.aboveMin() ? "exclusiveMinimum" : "minimum", range.min());
        }
        if (range.hasMax()) {
            schema.put(range.belowMax() ? "exclusiveMaximum" : "maximum", range.max());
        }
        return schema;
    }
}
