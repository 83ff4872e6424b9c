package org.cpet.runtime.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.cpet.spi.InputException;
import org.cpet.spi.model.ModelConfig;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** {@code config.json} under limits that hold for files nobody has vetted. */
public final class ConfigJson {
    private static final long LARGEST = 16 << 20;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(64)
                            .maxNumberLength(64)
                            .maxNameLength(1024)
                            .maxStringLength(1 << 20)
                            .build())
                    .build())
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    private ConfigJson() {}

    /** Reads a JSON object from a file nobody has vetted. */
    public static ModelConfig read(Path file) {
        try {
            long size = Files.size(file);
            if (size > LARGEST) {
                throw new InputException(file + ": file size; found " + size + " bytes; allowed up to " + LARGEST);
            }
            Map<String, Object> values = MAPPER.readValue(Files.readAllBytes(file), new TypeReference<>() {});
            if (values == null) {
                throw new InputException(file + ": found null; allowed a JSON object");
            }
            return new ModelConfig(file, values);
        } catch (NoSuchFileException e) {
            throw new InputException(file + ": no such file", e);
        } catch (IOException e) {
            throw new InputException(file + ": cannot be read: " + e.getMessage(), e);
        } catch (JacksonException e) {
            throw new InputException(file + at(e) + ": is not a JSON object: " + reason(e), e);
        }
    }

    /** The same order of keys as the map's, so equal configs give equal bytes. */
    public static byte[] write(Map<String, Object> values) {
        return MAPPER.writeValueAsBytes(new LinkedHashMap<>(values));
    }

    private static String at(JacksonException e) {
        return e.getLocation() == null
                ? ""
                : ":" + e.getLocation().getLineNr() + ":" + e.getLocation().getColumnNr();
    }

    private static String reason(JacksonException e) {
        return String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("");
    }
}
