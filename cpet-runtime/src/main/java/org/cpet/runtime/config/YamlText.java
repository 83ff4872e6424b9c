package org.cpet.runtime.config;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Writes maps, lists, texts, numbers, booleans, paths and enums as YAML that reads back to the same values. */
public final class YamlText {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_./-]*");
    private static final List<String> WORDS =
            List.of("true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf");

    private YamlText() {}

    /** A document of these keys in their order. */
    public static String of(Map<String, ?> document) {
        StringBuilder text = new StringBuilder();
        section(text, document, "", "");
        return text.toString();
    }

    private static void section(StringBuilder text, Map<?, ?> section, String indent, String firstIndent) {
        String lead = firstIndent;
        for (Map.Entry<?, ?> entry : section.entrySet()) {
            text.append(lead).append(scalar(entry.getKey())).append(':');
            value(text, entry.getValue(), indent);
            lead = indent;
        }
    }

    private static void value(StringBuilder text, Object value, String indent) {
        if (value instanceof Map<?, ?> map && !map.isEmpty()) {
            text.append('\n');
            section(text, map, indent + "  ", indent + "  ");
        } else if (value instanceof Collection<?> items && items.stream().anyMatch(Map.class::isInstance)) {
            text.append('\n');
            items.forEach(item -> {
                if (item instanceof Map<?, ?> map && !map.isEmpty()) {
                    section(text, map, indent + "    ", indent + "  - ");
                } else {
                    text.append(indent).append("  - ").append(scalar(item)).append('\n');
                }
            });
        } else {
            text.append(' ').append(scalar(value)).append('\n');
        }
    }

    private static String scalar(Object value) {
        if (value instanceof Map<?, ?>) {
            return "{}";
        }
        if (value instanceof Collection<?> items) {
            return items.stream().map(YamlText::scalar).collect(Collectors.joining(", ", "[", "]"));
        }
        if (value instanceof Enum<?> constant) {
            return constant.name().toLowerCase(Locale.ROOT);
        }
        if (value instanceof Double number) {
            return number(number);
        }
        if (value instanceof Number || value instanceof Boolean) {
            return value.toString();
        }
        return value instanceof Path path ? quoted(path.toString()) : text(value.toString());
    }

    /** Plain digits for everyday sizes, an exponent otherwise; always the shortest text of that double. */
    private static String number(double value) {
        BigDecimal exact = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        boolean everyday = value == 0 || (Math.abs(value) >= 1e-3 && Math.abs(value) < 1e7);
        String plain = exact.scale() <= 0 ? exact.setScale(1).toPlainString() : exact.toPlainString();
        return everyday ? plain : Double.toString(value).toLowerCase(Locale.ROOT);
    }

    private static String text(String value) {
        boolean plain = PLAIN.matcher(value).matches() && !WORDS.contains(value.toLowerCase(Locale.ROOT));
        return plain ? value : quoted(value);
    }

    private static String quoted(String value) {
        StringBuilder text = new StringBuilder("\"");
        value.codePoints().forEach(point -> {
            if (point == '"' || point == '\\') {
                text.append('\\').appendCodePoint(point);
            } else if (point < ' ' || (point >= 0x7F && point < 0xA0) || point == 0x2028 || point == 0x2029) {
                text.append(String.format(Locale.ROOT, "\\u%04x", point));
            } else {
                text.appendCodePoint(point);
            }
        });
        return text.append('"').toString();
    }
}
