package org.cpet.runtime.engine.safetensors;

import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.cpet.spi.InputException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Parses a header as a stream of tokens, so that what it claims is checked before it costs memory. */
final class HeaderParser {
    private static final String METADATA = "__metadata__";

    private final Path path;
    private final SafetensorsLimits limits;
    private final Map<String, TensorEntry> entries = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private boolean metadataSeen;

    private HeaderParser(Path path, SafetensorsLimits limits) {
        this.path = path;
        this.limits = limits;
    }

    static HeaderParser parse(Path path, ReadableByteChannel channel, long length, SafetensorsLimits limits) {
        HeaderParser header = new HeaderParser(path, limits);
        HeaderBytes bytes = new HeaderBytes(channel, length);
        StrictJson.parse(path + ": header", bytes, limits, header::object);
        bytes.checkFrame(path);
        return header;
    }

    /** By name; offsets counted from the start of the data. */
    Map<String, TensorEntry> entries() {
        return entries;
    }

    Map<String, String> metadata() {
        return Collections.unmodifiableMap(metadata);
    }

    private void object(JsonParser json) {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw new InputException(path + ": header; found no object; allowed {\"name\": {...}, ...}");
        }
        for (String name = json.nextName(); name != null; name = json.nextName()) {
            if (name.equals(METADATA)) {
                readMetadata(json);
                continue;
            }
            checkName(name);
            if (entries.put(name, new EntryParser(path, name).parse(json)) != null) {
                throw new InputException(path + ": duplicate tensor " + StrictJson.shown(name));
            } else if (entries.size() > limits.tensors()) {
                throw new InputException(path + ": more than " + limits.tensors() + " tensors");
            }
        }
    }

    private void checkName(String name) {
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > limits.nameBytes()) {
            throw new InputException(
                    path + ": a tensor's name; found " + bytes + " bytes; allowed up to " + limits.nameBytes());
        }
    }

    private void readMetadata(JsonParser json) {
        if (metadataSeen) {
            throw new InputException(path + ": duplicate " + METADATA);
        }
        metadataSeen = true;
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw new InputException(path + ": " + METADATA + "; found no object; allowed {\"key\": \"text\", ...}");
        }
        int left = limits.metadataBytes();
        for (String key = json.nextName(); key != null; key = json.nextName()) {
            @Nullable String value = json.nextToken() == JsonToken.VALUE_STRING ? json.getString() : null;
            if (value == null) {
                throw new InputException(path + ": " + METADATA + "; found a value that is not text; allowed text");
            }
            left -= key.getBytes(StandardCharsets.UTF_8).length + value.getBytes(StandardCharsets.UTF_8).length;
            if (left < 0) {
                throw new InputException(
                        path + ": " + METADATA + " is longer than " + limits.metadataBytes() + " bytes");
            }
            if (metadata.put(key, value) != null) {
                throw new InputException(path + ": duplicate key in " + METADATA);
            }
        }
    }
}
