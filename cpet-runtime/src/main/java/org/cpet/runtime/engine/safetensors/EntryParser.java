package org.cpet.runtime.engine.safetensors;

import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.cpet.spi.InputException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Parses one tensor's entry, {@code {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}}. */
final class EntryParser {
    private final Path path;
    private final String name;
    private final String shown;
    private @Nullable ElementType type;
    private long @Nullable [] shape;
    private long @Nullable [] offsets;

    EntryParser(Path path, String name) {
        this.path = path;
        this.name = name;
        this.shown = StrictJson.shown(name);
    }

    /** Reads the value that follows; offsets count from the start of the data. */
    TensorEntry parse(JsonParser json) {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw wrong("entry of " + shown + "; found no object; allowed dtype, shape and data_offsets");
        }
        Set<String> seen = new HashSet<>();
        for (String field = json.nextName(); field != null; field = json.nextName()) {
            if (!seen.add(field)) {
                throw wrong("duplicate field in the entry of " + shown);
            }
            switch (field) {
                case "dtype" -> type = elementType(json);
                case "shape" -> shape = numbers(json, "shape", SafetensorsLimits.RANK);
                case "data_offsets" -> offsets = numbers(json, "data_offsets", 2);
                default -> {
                    json.nextToken();
                    json.skipChildren();
                }
            }
        }
        return entry(required(type, "dtype"), required(shape, "shape"), required(offsets, "data_offsets"));
    }

    private TensorEntry entry(ElementType dtype, long[] dimensions, long[] range) {
        if (range.length != 2 || range[0] > range[1]) {
            throw wrong("data_offsets of " + shown + "; found " + Arrays.toString(range) + "; allowed [begin, end]");
        }
        long bytes = dtype.bytes();
        try {
            for (long dimension : dimensions) {
                bytes = Math.multiplyExact(bytes, dimension);
            }
        } catch (ArithmeticException e) {
            throw wrong(
                    "shape of " + shown + "; found " + Arrays.toString(dimensions) + "; allowed less than 2^63 bytes");
        }
        if (range[1] - range[0] != bytes) {
            throw wrong("bytes of " + shown + "; found " + (range[1] - range[0]) + "; allowed " + bytes + " for "
                    + dtype + " " + Arrays.toString(dimensions));
        }
        return new TensorEntry(name, dtype, new Shape(dimensions), path, range[0], range[1]);
    }

    private ElementType elementType(JsonParser json) {
        String found = json.nextToken() == JsonToken.VALUE_STRING ? json.getString() : "no text";
        for (ElementType known : ElementType.values()) {
            if (known.name().equals(found)) {
                return known;
            }
        }
        String allowed = Arrays.stream(ElementType.values()).map(Enum::name).collect(Collectors.joining(", "));
        throw wrong("dtype of " + shown + "; found " + StrictJson.shown(found) + "; allowed " + allowed);
    }

    private long[] numbers(JsonParser json, String field, int most) {
        if (json.nextToken() != JsonToken.START_ARRAY) {
            throw wrong(field + " of " + shown + "; found no list; allowed whole numbers in a list");
        }
        long[] numbers = new long[most];
        int count = 0;
        for (JsonToken token = json.nextToken(); token != JsonToken.END_ARRAY; token = json.nextToken()) {
            String raw = json.getString();
            if (token != JsonToken.VALUE_NUMBER_INT || raw.startsWith("-") || raw.length() > 18) {
                throw wrong(field + " of " + shown + "; found " + StrictJson.shown(raw)
                        + "; allowed whole numbers from 0 to 999999999999999999");
            }
            if (count == most) {
                throw wrong(field + " of " + shown + "; found more than " + most + " numbers; allowed up to " + most);
            }
            numbers[count++] = Long.parseLong(raw);
        }
        return Arrays.copyOf(numbers, count);
    }

    private <T> T required(@Nullable T value, String field) {
        if (value == null) {
            throw wrong("entry of " + shown + " has no " + field);
        }
        return value;
    }

    private InputException wrong(String what) {
        return new InputException(path + ": " + what);
    }
}
