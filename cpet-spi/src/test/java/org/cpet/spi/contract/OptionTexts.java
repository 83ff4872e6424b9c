package org.cpet.spi.contract;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.cpet.spi.CpetException;
import org.cpet.spi.Option;

/**
 * Makes an options record from texts as a recipe would hold them, with the defaults of {@link Option} for the rest. Small
 * on purpose: the real binder, with places and suggestions, is the runtime's.
 */
public final class OptionTexts {
    private OptionTexts() {}

    /**
     * Binds a record.
     *
     * @param settings values by key
     * @throws IllegalArgumentException when a default does not parse or breaks its range, a required key has no value, or a
     *     setting names no key
     */
    public static <O extends Record> O bind(Class<O> type, Map<String, String> settings) {
        Map<String, String> unused = new LinkedHashMap<>(settings);
        RecordComponent[] components = type.getRecordComponents();
        Object[] arguments = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            arguments[i] = argument(type, components[i], unused);
        }
        if (!unused.isEmpty()) {
            throw new IllegalArgumentException(
                    type.getSimpleName() + " has no key " + String.join(", ", new TreeSet<>(unused.keySet())));
        }
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        return construct(type, types, arguments);
    }

    /** The key of a component: its name in snake_case. */
    public static String key(RecordComponent component) {
        return component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    /** All keys of a record, in its order. */
    public static Set<String> keys(Class<? extends Record> type) {
        return Arrays.stream(type.getRecordComponents())
                .map(OptionTexts::key)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Whether a recipe must give this key. */
    static boolean requires(Class<? extends Record> type, String key) {
        return Arrays.stream(type.getRecordComponents())
                .filter(component -> key(component).equals(key) && component.getType() != Optional.class)
                .map(component -> component.getAnnotation(Option.class))
                .anyMatch(option -> option != null && option.defaultValue().equals(Option.REQUIRED));
    }

    private static Object argument(Class<?> type, RecordComponent component, Map<String, String> settings) {
        String key = key(component);
        Option option = component.getAnnotation(Option.class);
        if (option == null) {
            throw new IllegalArgumentException(type.getSimpleName() + "." + key + " is not annotated with @Option");
        }
        String given = settings.remove(key);
        String text = given == null ? option.defaultValue() : given;
        if (text.equals(Option.REQUIRED)) {
            if (component.getType() == Optional.class) {
                return Optional.empty();
            }
            throw new IllegalArgumentException(
                    type.getSimpleName() + "." + key + " has no default; give it a value in settings()");
        }
        try {
            Object value = value(component.getGenericType(), text);
            checkRange(value, option);
            return value;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    type.getSimpleName() + "." + key + ": '" + text + "' does not parse: " + e.getMessage(), e);
        }
    }

    private static Object value(Type type, String text) {
        if (type instanceof ParameterizedType generic) {
            Type element = generic.getActualTypeArguments()[0];
            return generic.getRawType() == Optional.class
                    ? Optional.of(value(element, text))
                    : items(text, "[", "]").stream()
                            .map(item -> value(element, item))
                            .toList();
        }
        Class<?> plain = (Class<?>) type;
        if (plain.isEnum()) {
            return constant(plain, text);
        }
        return plain.isRecord() ? bind(plain.asSubclass(Record.class), entries(text)) : scalar(plain, text);
    }

    private static Object scalar(Class<?> type, String text) {
        if (type == int.class || type == Integer.class) {
            return Integer.valueOf(text);
        }
        if (type == long.class || type == Long.class) {
            return Long.valueOf(text);
        }
        if (type == double.class || type == Double.class) {
            return Double.valueOf(text);
        }
        if (type == boolean.class || type == Boolean.class) {
            if (!text.equals("true") && !text.equals("false")) {
                throw new IllegalArgumentException("allowed true, false");
            }
            return Boolean.valueOf(text);
        }
        String unquoted = text.replaceAll("^([\"'])(.*)\\1$", "$2");
        if (type == String.class) {
            return unquoted;
        }
        if (type == Path.class) {
            return Path.of(unquoted);
        }
        throw new IllegalArgumentException("an option cannot be of " + type);
    }

    private static Object constant(Class<?> type, String text) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant ->
                        ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("allowed " + Arrays.toString(type.getEnumConstants())));
    }

    private static void checkRange(Object value, Option option) {
        if (value instanceof Number number) {
            double x = number.doubleValue();
            boolean low = x < option.min() || (option.aboveMin() && x == option.min());
            boolean high = x > option.max() || (option.belowMax() && x == option.max());
            if (low || high) {
                throw new IllegalArgumentException("outside " + option.min() + " to " + option.max());
            }
        }
        if (value instanceof String text && option.allowed().length > 0) {
            if (!Arrays.asList(option.allowed()).contains(text)) {
                throw new IllegalArgumentException("allowed " + String.join(", ", option.allowed()));
            }
        }
    }

    private static Map<String, String> entries(String text) {
        Map<String, String> entries = new LinkedHashMap<>();
        for (String item : items(text, "{", "}")) {
            String[] halves = item.split(":", 2);
            entries.put(halves[0].strip(), halves[1].strip());
        }
        return entries;
    }

    /** The parts between commas outside of nested brackets; a text without brackets is one part. */
    private static List<String> items(String text, String open, String close) {
        if (!text.startsWith(open) || !text.endsWith(close)) {
            return List.of(text);
        }
        List<String> items = new ArrayList<>();
        StringBuilder item = new StringBuilder();
        int depth = 0;
        for (char c : text.substring(1, text.length() - 1).toCharArray()) {
            depth += "[{".indexOf(c) >= 0 ? 1 : "]}".indexOf(c) >= 0 ? -1 : 0;
            if (c == ',' && depth == 0) {
                items.add(item.toString().strip());
                item.setLength(0);
            } else {
                item.append(c);
            }
        }
        if (!item.toString().isBlank()) {
            items.add(item.toString().strip());
        }
        return items;
    }

    private static <O> O construct(Class<O> type, Class<?>[] types, Object[] arguments) {
        try {
            Constructor<O> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof CpetException refused) {
                throw refused;
            }
            throw new IllegalArgumentException(type.getSimpleName() + " refuses its options", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(type.getSimpleName() + " cannot be made", e);
        }
    }
}
