package org.cpet.runtime.cli;

import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The one JSON document a command prints with {@code --json}. */
final class Json {
    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private static final JsonMapper LINE = JsonMapper.builder().build();

    private Json() {}

    /** On one line. */
    static String line(Object value) {
        return LINE.writeValueAsString(value);
    }

    static String write(Object value) {
        return MAPPER.writeValueAsString(value);
    }
}
