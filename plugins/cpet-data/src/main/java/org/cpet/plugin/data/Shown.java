package org.cpet.plugin.data;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Values as error messages show them: short, on one line, control characters escaped. */
final class Shown {
    private static final int LONGEST = 40;

    private Shown() {}

    /** One value in single quotes. */
    static String quoted(String value) {
        String cut = value.codePointCount(0, value.length()) <= LONGEST
                ? value
                : value.substring(0, value.offsetByCodePoints(0, LONGEST)) + "...";
        StringBuilder escaped = new StringBuilder("'");
        cut.codePoints().forEach(point -> {
            if (Character.isISOControl(point) || Character.getType(point) == Character.SURROGATE) {
                escaped.append(String.format(Locale.ROOT, "\\u%04x", point));
            } else {
                escaped.appendCodePoint(point);
            }
        });
        return escaped.append('\'').toString();
    }

    /** Column names, separated by commas. */
    static String list(List<String> names) {
        return names.stream().map(Shown::quoted).collect(Collectors.joining(", "));
    }
}
