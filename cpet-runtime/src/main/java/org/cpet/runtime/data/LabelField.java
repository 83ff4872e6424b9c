package org.cpet.runtime.data;

import java.util.Optional;
import java.util.stream.Collectors;
import org.cpet.spi.Nearest;
import org.cpet.spi.data.Row;
import org.jspecify.annotations.Nullable;

/** Reads the labels of one file: all of one type, none with spaces around it, each one of the classes. */
final class LabelField {
    private final String field;
    private final boolean classes;
    private final Optional<ClassLabels> allowed;
    private @Nullable Row first;

    LabelField(String field, boolean classes, Optional<ClassLabels> allowed) {
        this.field = field;
        this.classes = classes;
        this.allowed = allowed;
    }

    String of(Row row) {
        if (!classes) {
            return FieldValues.text(row, field);
        }
        Object value = FieldValues.require(row, field);
        requireType(row, value);
        String label = String.valueOf(value);
        if (!label.equals(label.strip()) || label.isEmpty()) {
            throw row.problem("label with spaces around it or empty; found " + FieldValues.quoted(label));
        }
        allowed.filter(labels -> labels.indexOf(label) < 0).ifPresent(labels -> {
            throw row.problem("label; found " + FieldValues.quoted(label) + "; allowed "
                    + labels.names().stream().map(FieldValues::quoted).collect(Collectors.joining(", "))
                    + Nearest.hint(label, labels.names()));
        });
        return label;
    }

    private void requireType(Row row, Object value) {
        String type = FieldValues.type(value);
        boolean discrete = value instanceof String || value instanceof Long || value instanceof Boolean;
        if (!discrete) {
            throw row.problem("field '" + field + "' is " + type + "; found " + value
                    + "; allowed a text, a whole number, or true or false");
        }
        if (first == null) {
            first = row;
        }
        String expected = FieldValues.type(FieldValues.require(first, field));
        if (!type.equals(expected)) {
            throw row.problem(
                    "field '" + field + "' is " + type + "; found " + FieldValues.quoted(String.valueOf(value))
                            + "; allowed " + expected + ", as on line " + first.line());
        }
    }
}
