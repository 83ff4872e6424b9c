package org.cpet.runtime.checkpoint;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The JSON of a run directory. */
public final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final JsonMapper PRETTY =
            MAPPER.rebuild().enable(SerializationFeature.INDENT_OUTPUT).build();

    private Json() {}

    /** An empty object; keys keep the order in which they are put. */
    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** Puts a number; JSON has no NaN and no infinity, which become null. */
    public static ObjectNode put(ObjectNode node, String name, double value) {
        return Double.isFinite(value) ? node.put(name, value) : node.putNull(name);
    }

    /** One line, without its end. */
    public static String line(JsonNode node) {
        return MAPPER.writeValueAsString(node);
    }

    /** For people, with a line end at the end. */
    public static String pretty(JsonNode node) {
        return PRETTY.writeValueAsString(node) + "\n";
    }

    /** A value of maps, lists, texts, numbers and truths as JSON. */
    public static JsonNode of(Object value) {
        return MAPPER.valueToTree(value);
    }

    /** An object as maps, lists, texts, numbers and truths. */
    public static Map<String, Object> map(ObjectNode node) {
        return MAPPER.convertValue(node, new TypeReference<>() {});
    }

    /** Reads what may be torn. */
    static Optional<JsonNode> tryParse(String text) {
        try {
            return Optional.of(MAPPER.readTree(text));
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    /** Reads what a run has written itself. */
    public static JsonNode parse(String text, Path file) {
        try {
            return MAPPER.readTree(text);
        } catch (JacksonException e) {
            throw new CpetException(ExitCode.RUN_DIRECTORY, file + " is damaged; found " + e.getOriginalMessage(), e);
        }
    }
}
