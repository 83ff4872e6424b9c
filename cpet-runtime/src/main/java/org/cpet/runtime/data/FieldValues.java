package org.cpet.runtime.data;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cpet.spi.data.Row;

/** Typed look-ups in a row, with messages that name file, line, field and type. */
final class FieldValues {
    private static final int LONGEST_SHOWN = 40;

    private FieldValues() {}

    /** A value that must be there and not null. */
    static Object require(Row row, String field) {
        Object value = row.values().get(field);
        if (value == null) {
            throw row.problem("field " + quoted(field) + " is missing; found "
                    + String.join(", ", row.values().keySet()));
        }
        if (value instanceof Optional<?>) {
            throw row.problem("field " + quoted(field) + " is null; allowed a value");
        }
        return value;
    }

    /** A text that must be there. */
    static String text(Row row, String field) {
        Object value = require(row, field);
        if (value instanceof String text) {
            return text;
        }
        throw row.problem("field " + quoted(field) + " is " + type(value) + "; found " + value + "; allowed a text");
    }

    /** What a value is, in words. */
    static String type(Object value) {
        if (value instanceof String) {
            return "a text";
        }
        if (value instanceof Long) {
            return "a whole number";
        }
        if (value instanceof Number) {
            return "a number";
        }
        if (value instanceof Boolean) {
            return "true or false";
        }
        return value instanceof List<?> ? "a list" : value instanceof Map<?, ?> ? "an object" : "null";
    }

    /** A value in single quotes, cut when long. */
    static String quoted(String value) {
        boolean fits = value.codePointCount(0, value.length()) <= LONGEST_SHOWN;
        String shown = fits ? value : value.substring(0, value.offsetByCodePoints(0, LONGEST_SHOWN)) + "...";
        return "'" + shown.replaceAll("\\p{Cntrl}", " ") + "'";
    }
}
