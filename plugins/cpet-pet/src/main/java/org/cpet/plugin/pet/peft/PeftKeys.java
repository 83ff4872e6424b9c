package org.cpet.plugin.pet.peft;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.DoublePredicate;
import java.util.stream.Collectors;
import org.cpet.spi.InputException;
import org.jspecify.annotations.Nullable;

/** Reads one {@code adapter_config.json} and remembers which keys were asked for. A null is an absent key. */
public final class PeftKeys {
    private final Map<String, Object> config;
    private final Set<String> read = new HashSet<>();

    /** @param config a null is an absent key */
    public PeftKeys(Map<String, Object> config) {
        this.config = config;
    }

    /** A number, or {@code fallback} when absent. */
    public double number(String key, double fallback, DoublePredicate allowed, String allowedText) {
        return find(key)
                .map(value -> {
                    if (value instanceof Number number && allowed.test(number.doubleValue())) {
                        return number.doubleValue();
                    }
                    throw problem(key, value, allowedText);
                })
                .orElse(fallback);
    }

    /** A list of texts; the single text {@code whole} stands for a list of itself. */
    public List<String> names(String key, String whole, String allowedText) {
        Object value = find(key).orElse("");
        if (value.equals(whole)) {
            return List.of(whole);
        }
        if (value instanceof List<?> list && !list.isEmpty() && list.stream().allMatch(String.class::isInstance)) {
            return list.stream().map(String.class::cast).toList();
        }
        throw problem(key, config.get(key), allowedText);
    }

    /** A list of texts, which may be empty; absent is empty. */
    public List<String> names(String key) {
        Object value = find(key).orElse(List.of());
        if (value instanceof List<?> list && list.stream().allMatch(String.class::isInstance)) {
            return list.stream().map(String.class::cast).toList();
        }
        throw problem(key, value, "a list of name endings");
    }

    /** Values by name; absent is empty. */
    public Map<String, Object> map(String key) {
        Object value = find(key).orElse(Map.of());
        if (!(value instanceof Map<?, ?> found)) {
            throw problem(key, value, "an object");
        }
        Map<String, Object> values = new TreeMap<>();
        found.forEach((name, entry) -> values.put(String.valueOf(name), entry));
        return values;
    }

    /** Refuses every other value of a key; true, false and texts are compared as they are. */
    public void allow(String key, Set<Object> values) {
        find(key).filter(value -> !values.contains(value)).ifPresent(value -> {
            throw problem(
                    key, value, values.stream().map(PeftKeys::raw).sorted().collect(Collectors.joining(", ")));
        });
    }

    /** Refuses any key that was not read and is neither harmless nor switched off: it would change the arithmetic. */
    public void refuseOthers(Set<String> harmless) {
        new TreeMap<>(config).forEach((key, value) -> {
            if (!read.contains(key) && !harmless.contains(key) && !switchedOff(value)) {
                throw new InputException(
                        "'" + key + "' is not supported; found " + raw(value) + "; allowed null, false or empty");
            }
        });
    }

    /** A whole number from 1 that must be there. */
    public int whole(String key) {
        if (find(key).isEmpty()) {
            throw new InputException("'" + key + "' is missing; allowed a whole number from 1");
        }
        return (int) number(key, 0, value -> value >= 1 && value == Math.rint(value), "a whole number from 1");
    }

    /** True or false; absent is false. */
    public boolean flag(String key) {
        return find(key)
                .map(value -> {
                    if (value instanceof Boolean flag) {
                        return flag;
                    }
                    throw problem(key, value, "true, false");
                })
                .orElse(false);
    }

    /** The value of a key, read from now on. */
    Optional<Object> find(String key) {
        read.add(key);
        Object value = config.get(key);
        return value instanceof Optional<?> optional ? optional.map(Object.class::cast) : Optional.ofNullable(value);
    }

    private static boolean switchedOff(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return map.values().stream().allMatch(PeftKeys::switchedOff);
        }
        return value == null
                || value.equals(false)
                || value.equals("")
                || value.equals(Optional.empty())
                || value.equals(List.of());
    }

    /** One line: the key, what was found, what is allowed. */
    static InputException problem(String key, @Nullable Object value, String allowed) {
        return new InputException("'" + key + "'; found " + raw(value) + "; allowed " + allowed);
    }

    /** As JSON writes it, near enough for a message. */
    private static String raw(@Nullable Object value) {
        if (value instanceof String text) {
            return '"' + text + '"';
        }
        if (value instanceof List<?> list) {
            return list.stream().map(PeftKeys::raw).collect(Collectors.joining(", ", "[", "]"));
        }
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(entry -> raw(entry.getKey()) + ": " + raw(entry.getValue()))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        return value instanceof Optional<?> ? "null" : Objects.toString(value);
    }
}
