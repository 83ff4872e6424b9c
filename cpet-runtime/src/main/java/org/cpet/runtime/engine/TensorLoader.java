package org.cpet.runtime.engine;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.cpet.runtime.engine.safetensors.ElementType;
import org.cpet.runtime.engine.safetensors.TensorEntry;
import org.cpet.runtime.engine.safetensors.TensorStore;
import org.cpet.spi.InputException;

/**
 * Turns checked file entries into arrays. A tensor read in its stored type on the CPU shares the file's pages (writing
 * to it changes the array, not the file); any other is a copy. libtorch holds the mapping, not Java, so it goes with
 * the last array and knows no 2 GiB limit. Close the loader when all is loaded; the arrays stay.
 */
public final class TensorLoader implements AutoCloseable {
    private final TensorStore store;
    private final TorchModule module;
    private final NDManager mappings;
    private final Map<Mapping, NDArray> mapped = new HashMap<>();

    TensorLoader(TensorStore store, TorchModule module, NDManager parent) {
        this.store = store;
        this.module = module;
        this.mappings = parent.newSubManager();
    }

    /** The tensor in its stored type; belongs to {@code owner} and lies on its device, inside a scope too. */
    public NDArray load(String name, NDManager owner) {
        TensorEntry entry = store.tensor(name);
        return toDevice(read(entry, arrayType(entry), owner), owner);
    }

    /** The same, as {@code type}: a floating tensor is widened or narrowed, any other must have that type. */
    public NDArray load(String name, DataType type, NDManager owner) {
        TensorEntry entry = store.tensor(name);
        DataType stored = arrayType(entry);
        NDArray array = read(entry, stored, owner);
        if (stored == type) {
            return toDevice(array, owner);
        }
        if (!entry.type().isFloating() || !type.isFloating()) {
            array.close();
            throw new InputException(
                    entry.file() + ": dtype of " + name + "; found " + entry.type() + "; allowed " + type);
        }
        try (array) {
            return toDevice(release(module.callFor(owner, "cast", array, TorchTypes.code(type))), owner);
        }
    }

    private DataType arrayType(TensorEntry entry) {
        return entry.type()
                .arrayType()
                .orElseThrow(() -> new InputException(entry.file() + ": dtype of " + entry.name() + "; found "
                        + entry.type() + "; allowed F64, F32, F16, BF16, I64, I32, I8, U8, BOOL"));
    }

    private NDArray read(TensorEntry entry, DataType type, NDManager owner) {
        long code = TorchTypes.code(type);
        long[] shape = entry.shape().getShape();
        if (entry.elements() == 0) {
            return release(module.callFor(owner, "empty", shape, code));
        }
        int width = entry.type().bytes();
        // bytes other than 0 and 1 are no booleans to libtorch, and a tensor must begin at a multiple of its element
        if (entry.type() == ElementType.BOOL || entry.begin() % width != 0) {
            NDArray bytes = map(entry.file(), ElementType.U8);
            return release(module.callFor(owner, "cut_bytes", bytes, entry.begin(), entry.end(), code, shape));
        }
        NDArray values = map(entry.file(), entry.type());
        return release(module.callFor(owner, "cut", values, entry.begin() / width, entry.end() / width, shape));
    }

    private NDArray map(Path file, ElementType type) {
        return mapped.computeIfAbsent(new Mapping(file, type), this::map);
    }

    private NDArray map(Mapping mapping) {
        Path file = mapping.file();
        ElementType type = mapping.type();
        try {
            long count = Files.size(file) / type.bytes();
            long code = type.arrayType().map(TorchTypes::code).orElseThrow();
            return release(
                    module.callFor(mappings, "map_file", file.toAbsolutePath().toString(), count, code));
        } catch (IOException | EngineException e) {
            throw new InputException(
                    file + ": cannot be mapped: "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
                    e);
        }
    }

    private static NDArray toDevice(NDArray array, NDManager owner) {
        if (array.getDevice().equals(owner.getDevice())) {
            return array;
        }
        try (array) {
            return release(array.toDevice(owner.getDevice(), true));
        }
    }

    private static NDArray release(NDArray array) {
        return StepScope.release(array);
    }

    @Override
    public void close() {
        mappings.close();
    }

    /** A whole file seen as elements of one type. */
    private record Mapping(Path file, ElementType type) {}
}
