package org.cpet.runtime.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.Option;

/**
 * One key of a section as its record declares it: what binding, messages, the JSON schema and listings are made from.
 *
 * @param key as a recipe writes it
 * @param defaultText the default as a recipe would write it; empty when the key is required or optional
 * @param optional whether the key may be left out although it has no default
 * @param allowed the texts allowed; empty allows any
 */
public record OptionSpec(
        String key,
        String description,
        Optional<String> defaultText,
        boolean optional,
        ValueType type,
        NumberRange range,
        List<String> allowed) {
    public OptionSpec {
        allowed = List.copyOf(allowed);
    }

    /**
     * The keys of a record, in its order.
     *
     * @throws CpetException when a component is not annotated or has a type that options cannot have
     */
    public static List<OptionSpec> of(Class<? extends Record> record) {
        return Arrays.stream(record.getRecordComponents()).map(OptionSpec::of).toList();
    }

    /** Whether a recipe must give the key. */
    public boolean required() {
        return !optional && defaultText.isEmpty();
    }

    /** What may be written: the type with its range, or the texts allowed. */
    public String allowedText() {
        if (!allowed.isEmpty()) {
            return String.join(", ", allowed);
        }
        return range.isOpen() ? type.title() : type.title() + " " + range.text();
    }

    private static OptionSpec of(RecordComponent component) {
        String where = component.getDeclaringRecord().getName() + "." + component.getName();
        Option option = component.getAnnotation(Option.class);
        if (option == null) {
            throw new CpetException(ExitCode.PLUGIN, where + " has no @Option annotation");
        }
        Type type = component.getGenericType();
        boolean optional = type instanceof ParameterizedType generic && generic.getRawType() == Optional.class;
        Type inner = optional ? ((ParameterizedType) type).getActualTypeArguments()[0] : type;
        boolean given = !option.defaultValue().equals(Option.REQUIRED);
        return new OptionSpec(
                snakeCase(component.getName()),
                option.description(),
                given ? Optional.of(option.defaultValue()) : Optional.empty(),
                optional,
                ValueType.of(inner, where),
                new NumberRange(option.min(), option.max(), option.aboveMin(), option.belowMax()),
                List.of(option.allowed()));
    }

    private static String snakeCase(String name) {
        return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    }
}
