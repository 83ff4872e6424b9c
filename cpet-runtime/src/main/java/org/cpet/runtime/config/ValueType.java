package org.cpet.runtime.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;

/** The type of an option, as a recipe sees it. */
public sealed interface ValueType {
    /** How messages and listings name it. */
    String title();

    /** A whole number. */
    record Whole(boolean wide) implements ValueType {
        @Override
        public String title() {
            return "a whole number";
        }

        long smallest() {
            return wide ? Long.MIN_VALUE : Integer.MIN_VALUE;
        }

        long largest() {
            return wide ? Long.MAX_VALUE : Integer.MAX_VALUE;
        }
    }

    /** A finite number. */
    record Real() implements ValueType {
        @Override
        public String title() {
            return "a number";
        }
    }

    /** True or false. */
    record Truth() implements ValueType {
        @Override
        public String title() {
            return "true or false";
        }
    }

    /** Any text. */
    record Text() implements ValueType {
        @Override
        public String title() {
            return "a text";
        }
    }

    /** A file or directory, relative to the recipe's folder. */
    record File() implements ValueType {
        @Override
        public String title() {
            return "a path";
        }
    }

    /** One of the constants of an enum, in lower case. */
    record Choice(Class<? extends Enum<?>> type) implements ValueType {
        @Override
        public String title() {
            return String.join(", ", keys());
        }

        /** What a recipe may write, in order. */
        public List<String> keys() {
            return Arrays.stream(constants())
                    .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                    .toList();
        }

        Enum<?>[] constants() {
            return type.getEnumConstants();
        }
    }

    /** A nested record. */
    record Nested(Class<? extends Record> type) implements ValueType {
        @Override
        public String title() {
            List<String> keys =
                    OptionSpec.of(type).stream().map(OptionSpec::key).toList();
            return keys.isEmpty() ? "a section without keys" : "a section with " + String.join(", ", keys);
        }
    }

    /** Several values, or one value that stands for a list of one. */
    record Many(ValueType item) implements ValueType {
        @Override
        public String title() {
            String each = item.title();
            return item instanceof Choice ? "a list of " + each : "a list, each " + each;
        }
    }

    /**
     * The type of a record component, {@code Optional} taken off before.
     *
     * @throws CpetException when options cannot have that type
     */
    static ValueType of(Type type, String where) {
        if (type instanceof ParameterizedType generic && generic.getRawType() == List.class) {
            return new Many(of(generic.getActualTypeArguments()[0], where));
        }
        if (type == int.class || type == Integer.class) {
            return new Whole(false);
        }
        if (type == long.class || type == Long.class) {
            return new Whole(true);
        }
        if (type == double.class || type == Double.class) {
            return new Real();
        }
        if (type == boolean.class || type == Boolean.class) {
            return new Truth();
        }
        if (type == String.class) {
            return new Text();
        }
        if (type == Path.class) {
            return new File();
        }
        if (type instanceof Class<?> raw && raw.isEnum()) {
            @SuppressWarnings("unchecked") // isEnum() says that it is
            Class<? extends Enum<?>> choice = (Class<? extends Enum<?>>) raw;
            return new Choice(choice);
        }
        if (type instanceof Class<?> raw && raw.isRecord()) {
            return new Nested(raw.asSubclass(Record.class));
        }
        throw new CpetException(
                ExitCode.PLUGIN, where + " has a type that options cannot have; found " + type.getTypeName());
    }
}
