package org.cpet.spi.model;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.cpet.spi.InputException;

/** A model's {@code config.json} with typed look-ups whose errors name the file and the key. */
public final class ModelConfig {
    private final Path file;
    private final Map<String, Object> values;

    /** @param values JSON as maps, lists, texts, numbers and booleans; null values stand for absent keys */
    public ModelConfig(Path file, Map<String, Object> values) {
        this.file = file;
        this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** Where it was read. */
    public Path file() {
        return file;
    }

    /** All keys, for writing the config of a changed model. */
    public Map<String, Object> values() {
        return values;
    }

    /** Whether the key is there and not null. */
    public boolean has(String key) {
        return values.get(key) != null;
    }

    /** A whole number that must be there. */
    public int integer(String key) {
        return require(key, integerAt(key), "a whole number");
    }

    /** A whole number, or {@code fallback} when absent. */
    public int integer(String key, int fallback) {
        return has(key) ? integer(key) : fallback;
    }

    /** A number, or {@code fallback} when absent. */
    public double number(String key, double fallback) {
        if (!has(key)) {
            return fallback;
        }
        Optional<Double> number =
                values.get(key) instanceof Number value ? Optional.of(value.doubleValue()) : Optional.empty();
        return require(key, number, "a number");
    }

    /** A text, or {@code fallback} when absent. */
    public String text(String key, String fallback) {
        if (!has(key)) {
            return fallback;
        }
        Optional<String> text = values.get(key) instanceof String value ? Optional.of(value) : Optional.empty();
        return require(key, text, "a text");
    }

    /** True or false, or {@code fallback} when absent. */
    public boolean flag(String key, boolean fallback) {
        if (!has(key)) {
            return fallback;
        }
        Optional<Boolean> flag = values.get(key) instanceof Boolean value ? Optional.of(value) : Optional.empty();
        return require(key, flag, "true or false");
    }

    /** A nested object, absent when missing or null. */
    public Optional<ModelConfig> object(String key) {
        if (!(values.get(key) instanceof Map<?, ?> map)) {
            return Optional.empty();
        }
        Map<String, Object> nested = new LinkedHashMap<>();
        map.forEach((name, value) -> {
            if (value != null) {
                nested.put(String.valueOf(name), value);
            }
        });
        return Optional.of(new ModelConfig(file, nested));
    }

    /** A failure of this file: {@code path: message}. */
    public InputException problem(String message) {
        return new InputException(file + ": " + message);
    }

    private Optional<Integer> integerAt(String key) {
        return values.get(key) instanceof Number number && number.doubleValue() == number.intValue()
                ? Optional.of(number.intValue())
                : Optional.empty();
    }

    private <T> T require(String key, Optional<T> value, String allowed) {
        return value.orElseThrow(() -> has(key)
                ? problem("'" + key + "'; found " + values.get(key) + "; allowed " + allowed)
                : problem("'" + key + "' is missing; allowed " + allowed));
    }
}
