package org.cpet.runtime.engine.safetensors;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.cpet.spi.InputException;

/** The tensors of a model directory: {@code model.safetensors}, or shards named by {@code model.safetensors.index.json}. */
public final class SafetensorsDirectory implements TensorStore {
    private static final String SINGLE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";

    private final Path directory;
    private final SortedMap<String, TensorEntry> tensors;

    private SafetensorsDirectory(Path directory, SortedMap<String, TensorEntry> tensors) {
        this.directory = directory;
        this.tensors = Collections.unmodifiableSortedMap(tensors);
    }

    /** Reads and checks all headers. */
    public static SafetensorsDirectory open(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new InputException(directory + ": no such directory");
        }
        Path single = directory.resolve(SINGLE);
        if (Files.exists(single)) {
            return new SafetensorsDirectory(
                    directory, new TreeMap<>(SafetensorsFile.open(single).tensors()));
        }
        Path index = directory.resolve(INDEX);
        if (!Files.exists(index)) {
            throw new InputException(directory + ": no weights; allowed " + SINGLE + " or " + INDEX);
        }
        return new SafetensorsDirectory(directory, shards(index, ShardIndex.read(index)));
    }

    private static SortedMap<String, TensorEntry> shards(Path index, ShardIndex listed) {
        TreeMap<String, TensorEntry> tensors = new TreeMap<>();
        for (String shard : listed.shards()) {
            Path path = index.resolveSibling(shard);
            for (TensorEntry entry : SafetensorsFile.open(path).tensors().values()) {
                String expected = listed.shardOf(entry.name());
                if (!shard.equals(expected)) {
                    throw new InputException(path + ": tensor " + StrictJson.shown(entry.name()) + " is here; allowed "
                            + (expected == null ? "tensors that " + INDEX + " names" : "only in " + expected));
                }
                tensors.put(entry.name(), entry);
            }
        }
        listed.tensors().forEach((tensor, shard) -> {
            if (!tensors.containsKey(tensor)) {
                throw new InputException(index + ": tensor " + StrictJson.shown(tensor) + " is not in " + shard);
            }
        });
        return tensors;
    }

    @Override
    public Map<String, TensorEntry> tensors() {
        return tensors;
    }

    @Override
    public String name() {
        return directory.toString();
    }
}
