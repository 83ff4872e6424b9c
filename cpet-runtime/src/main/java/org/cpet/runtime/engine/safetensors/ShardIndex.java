package org.cpet.runtime.engine.safetensors;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.cpet.spi.InputException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** {@code model.safetensors.index.json}: which shard holds which tensor. */
final class ShardIndex {
    private static final int SHARDS = 10_000;
    private static final String PLAIN_NAME = "[A-Za-z0-9_][A-Za-z0-9._-]{0,250}\\.safetensors";

    private final Path path;
    private final TreeMap<String, String> tensors = new TreeMap<>();
    private final TreeSet<String> shards = new TreeSet<>();

    private ShardIndex(Path path) {
        this.path = path;
    }

    static ShardIndex read(Path path) {
        ShardIndex index = new ShardIndex(path);
        SafetensorsLimits limits = SafetensorsLimits.MODEL;
        try (FileChannel channel = FileChannel.open(path)) {
            if (channel.size() > limits.headerBytes()) {
                throw new InputException(
                        path + ": file size; found " + channel.size() + "; allowed up to " + limits.headerBytes());
            }
            StrictJson.parse(path.toString(), new HeaderBytes(channel, channel.size()), limits, index::object);
        } catch (IOException e) {
            throw new InputException(path + ": cannot be read: " + e.getMessage(), e);
        }
        return index;
    }

    private void object(JsonParser json) {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw new InputException(path + ": found no object; allowed {\"weight_map\": {...}}");
        }
        boolean found = false;
        for (String key = json.nextName(); key != null; key = json.nextName()) {
            if (!key.equals("weight_map")) {
                json.nextToken();
                json.skipChildren();
            } else if (found) {
                throw new InputException(path + ": duplicate weight_map");
            } else {
                found = true;
                weightMap(json);
            }
        }
        if (!found) {
            throw new InputException(path + ": weight_map is missing");
        }
    }

    private void weightMap(JsonParser json) {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw new InputException(path + ": weight_map; found no object; allowed {\"tensor\": \"file\", ...}");
        }
        for (String tensor = json.nextName(); tensor != null; tensor = json.nextName()) {
            String shard = json.nextToken() == JsonToken.VALUE_STRING ? json.getString() : "no text";
            if (!shard.matches(PLAIN_NAME)) {
                throw new InputException(path + ": file of " + StrictJson.shown(tensor) + "; found "
                        + StrictJson.shown(shard) + "; allowed a plain name that ends in .safetensors");
            }
            if (tensors.put(tensor, shard) != null) {
                throw new InputException(path + ": duplicate tensor " + StrictJson.shown(tensor));
            }
            shards.add(shard);
            if (shards.size() > SHARDS || tensors.size() > SafetensorsLimits.MODEL.tensors()) {
                throw new InputException(
                        path + ": more than " + SHARDS + " files or " + SafetensorsLimits.MODEL.tensors() + " tensors");
            }
        }
    }

    SortedSet<String> shards() {
        return Collections.unmodifiableSortedSet(shards);
    }

    Map<String, String> tensors() {
        return Collections.unmodifiableMap(tensors);
    }

    @Nullable
    String shardOf(String tensor) {
        return tensors.get(tensor);
    }
}
