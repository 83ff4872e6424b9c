package org.cpet.plugin.pet.peft;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.cpet.spi.InputException;
import org.cpet.spi.Option;
import org.cpet.spi.OptionException;
import org.cpet.spi.lowrank.LowRankForm;
import org.cpet.spi.model.TransformerModel;
import org.jspecify.annotations.Nullable;

/**
 * {@code adapter_config.json} of methods that PEFT does not have: a {@code peft_type} that begins with {@code CPET_}, the
 * keys that every such file has, and the options of the recipe under their own names.
 */
public final class OwnConfig {
    private OwnConfig() {}

    /** The keys of a file. */
    public static Map<String, Object> write(String type, Record options, TransformerModel model) {
        Map<String, Object> config = new TreeMap<>(PeftCommon.keys(type, model));
        for (RecordComponent component : options.getClass().getRecordComponents()) {
            config.put(key(component), written(value(component, options)));
        }
        return config;
    }

    /**
     * The options that a file states; empty when it describes another method.
     *
     * @throws InputException when a key is missing, unknown, or has a value that is not allowed
     */
    public static <O extends Record> Optional<O> read(String type, Class<O> options, Map<String, Object> config) {
        if (!type.equals(config.get("peft_type"))) {
            return Optional.empty();
        }
        PeftKeys keys = new PeftKeys(config);
        RecordComponent[] components = options.getRecordComponents();
        Object[] values = Arrays.stream(components)
                .map(component -> read(component, keys))
                .toArray();
        Set<String> known = new HashSet<>(PeftCommon.harmless());
        Arrays.stream(components).map(OwnConfig::key).forEach(known::add);
        keys.refuseOthers(known);
        return Optional.of(made(options, components, values));
    }

    private static Object read(RecordComponent component, PeftKeys keys) {
        String key = key(component);
        Optional<Object> found = keys.find(key);
        if (component.getType() == Optional.class) {
            return found.map(value -> inRange(component, key, parsed(element(component.getGenericType()), value, key)));
        }
        Object value = found.orElseThrow(() -> new InputException("'" + key + "' is missing"));
        return inRange(component, key, parsed(component.getGenericType(), value, key));
    }

    private static Object parsed(Type type, @Nullable Object value, String key) {
        if (type == int.class && value instanceof Number number && number.doubleValue() == number.intValue()) {
            return number.intValue();
        }
        if (type == double.class && value instanceof Number number) {
            return number.doubleValue();
        }
        if (type == boolean.class && value instanceof Boolean flag) {
            return flag;
        }
        if (value instanceof String text && type == String.class) {
            return text;
        }
        if (type instanceof ParameterizedType && value instanceof List<?> list) {
            return list.stream().map(item -> parsed(element(type), item, key)).toList();
        }
        if (type instanceof Class<?> plain && plain.isEnum()) {
            List<String> allowed = Arrays.stream(plain.getEnumConstants())
                    .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
                    .toList();
            if (value instanceof String text && allowed.contains(text)) {
                return plain.getEnumConstants()[allowed.indexOf(text)];
            }
            throw PeftKeys.problem(key, value, String.join(", ", allowed));
        }
        throw PeftKeys.problem(key, value, wanted(type));
    }

    private static Object inRange(RecordComponent component, String key, Object value) {
        Option option = component.getAnnotation(Option.class);
        if (option != null && value instanceof Number number) {
            double x = number.doubleValue();
            boolean low = x < option.min() || (option.aboveMin() && x == option.min());
            boolean high = x > option.max() || (option.belowMax() && x == option.max());
            if (low || high) {
                throw PeftKeys.problem(key, value, range(option));
            }
        }
        return value;
    }

    private static String range(Option option) {
        String low = option.min() == Double.NEGATIVE_INFINITY
                ? ""
                : (option.aboveMin() ? " above " : " from ") + LowRankForm.plain(option.min());
        String high = option.max() == Double.POSITIVE_INFINITY
                ? ""
                : (option.belowMax() ? " below " : " to ") + LowRankForm.plain(option.max());
        return "a number" + low + high;
    }

    private static String wanted(Type type) {
        if (type instanceof ParameterizedType) {
            return "a list";
        }
        return type == int.class
                ? "a whole number"
                : type == double.class ? "a number" : type == boolean.class ? "true, false" : "a text";
    }

    private static <O extends Record> O made(Class<O> options, RecordComponent[] components, Object[] values) {
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            return options.getDeclaredConstructor(types).newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof OptionException refused) {
                throw new InputException(String.valueOf(refused.getMessage()), refused);
            }
            throw new IllegalStateException(options.getSimpleName() + " refuses its options", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(options.getSimpleName() + " cannot be made", e);
        }
    }

    private static Object value(RecordComponent component, Record options) {
        try {
            return component.getAccessor().invoke(options);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(component + " cannot be read", e);
        }
    }

    private static Object written(Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(OwnConfig::written).toList();
        }
        if (value instanceof Optional<?> optional) {
            return optional.map(OwnConfig::written);
        }
        if (value instanceof Double number) {
            return LowRankForm.plain(number);
        }
        return value instanceof Enum<?> constant ? constant.name().toLowerCase(Locale.ROOT) : value;
    }

    /** Of a list or an Optional. */
    private static Type element(Type generic) {
        Type type = ((ParameterizedType) generic).getActualTypeArguments()[0];
        return type == Integer.class ? int.class : type == Double.class ? double.class : type;
    }

    private static String key(RecordComponent component) {
        return component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }
}
