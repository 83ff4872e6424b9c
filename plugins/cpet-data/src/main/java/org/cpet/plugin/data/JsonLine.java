package org.cpet.plugin.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonParser.NumberType;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.core.json.JsonFactory;

/** Parses one JSON object strictly: no repeated names, no numbers out of range, no half characters, nothing after it. */
final class JsonLine {
    private static final int DEPTH = 16;
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEPTH)
                    .maxStringLength(Lines.LIMIT)
                    .maxNameLength(1024)
                    .maxNumberLength(64)
                    .build())
            .build();

    private final DataFile file;
    private final long line;
    private final String text;

    private JsonLine(DataFile file, long line, String text) {
        this.file = file;
        this.line = line;
        this.text = text;
    }

    /** The object's values by name. */
    static Map<String, Object> parse(DataFile file, long line, String text) {
        return new JsonLine(file, line, text).object();
    }

    private Map<String, Object> object() {
        char first = text.strip().charAt(0);
        if (first != '{') {
            throw refuse(first);
        }
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            parser.nextToken();
            Map<String, Object> values = fields(parser);
            if (parser.nextToken() != null) {
                throw file.problem(line, "text after the end of the object; allowed one object a line");
            }
            return values;
        } catch (UnexpectedEndOfInputException e) {
            throw file.problem(line, "the line ends inside the object; allowed a whole JSON object");
        } catch (StreamConstraintsException e) {
            throw file.problem(line, constraint(e));
        } catch (StreamReadException e) {
            throw invalid(e);
        }
    }

    private Map<String, Object> fields(JsonParser parser) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_OBJECT; token = parser.nextToken()) {
            String name = whole(parser.currentName(), "a field's name");
            parser.nextToken();
            if (values.put(name, value(parser, name)) != null) {
                throw file.problem(line, "field " + Shown.quoted(name) + " appears twice");
            }
        }
        return values;
    }

    private Object value(JsonParser parser, String name) {
        return switch (parser.currentToken()) {
            case START_OBJECT -> fields(parser);
            case START_ARRAY -> array(parser, name);
            case VALUE_STRING -> whole(parser.getString(), "field " + Shown.quoted(name));
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> Optional.empty();
            case VALUE_NUMBER_INT -> integer(parser, name);
            case VALUE_NUMBER_FLOAT -> real(parser, name);
            default -> throw new IllegalStateException("a JSON value cannot be " + parser.currentToken());
        };
    }

    private List<Object> array(JsonParser parser, String name) {
        List<Object> values = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            values.add(value(parser, name));
        }
        return values;
    }

    private Long integer(JsonParser parser, String name) {
        if (parser.getNumberType() == NumberType.BIG_INTEGER) {
            throw outOfRange(parser, name, "whole numbers of 64 bits");
        }
        return parser.getLongValue();
    }

    private Double real(JsonParser parser, String name) {
        double value = parser.getDoubleValue();
        if (!Double.isFinite(value)) {
            throw outOfRange(parser, name, "numbers of 64 bits");
        }
        return value;
    }

    private RuntimeException outOfRange(JsonParser parser, String name, String allowed) {
        return file.problem(
                line,
                "number out of range for " + Shown.quoted(name) + "; found " + parser.getString() + "; allowed "
                        + allowed);
    }

    /** JSON lets a string hold half of a surrogate pair; UTF-8 cannot, so no tokenizer could read it. */
    private String whole(String value, String what) {
        for (int i = 0; i < value.length(); i++) {
            char unit = value.charAt(i);
            if (Character.isHighSurrogate(unit)
                    && i + 1 < value.length()
                    && Character.isLowSurrogate(value.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(unit)) {
                throw file.problem(
                        line, what + " holds an unpaired surrogate; found " + Shown.quoted(String.valueOf(unit)));
            }
        }
        return value;
    }

    private RuntimeException refuse(char first) {
        if (first == '[' && line == 1) {
            return file.problem(line, "a JSON array; allowed one JSON object a line");
        }
        return file.problem(line, "not a JSON object; found " + Shown.quoted(text.strip()) + "; allowed one a line");
    }

    private RuntimeException invalid(StreamReadException e) {
        int at = Math.min(text.length(), Math.max(1, e.getLocation().getColumnNr()) - 1);
        String around = text.substring(Math.max(0, at - 12), Math.min(text.length(), at + 8));
        return file.problem(line, "not valid JSON at column " + (at + 1) + "; found " + Shown.quoted(around));
    }

    private static String constraint(StreamConstraintsException e) {
        return String.valueOf(e.getOriginalMessage()).contains("nesting depth")
                ? "nested deeper than " + DEPTH + " levels"
                : "a name, text or number is too long; allowed 1024, " + Lines.LIMIT + " and 64 characters";
    }
}
