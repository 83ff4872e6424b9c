package org.cpet.runtime.script;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.cpet.runtime.engine.EngineSession;
import org.cpet.runtime.engine.TensorLoader;
import org.cpet.runtime.engine.safetensors.SafetensorsFile;
import org.cpet.runtime.engine.safetensors.SafetensorsWriter;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.TokenBatch;

/** Tensors in from a file and out to a file. */
public final class TensorFiles {
    private TensorFiles() {}

    /** The inputs file as a batch, owned by {@code manager}, for a model of a layout. */
    public static TokenBatch batch(Path file, EngineSession engine, NDManager manager, ModelLayout layout) {
        SafetensorsFile tensors = SafetensorsFile.open(file);
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        try (TensorLoader loader = engine.loader(tensors)) {
            tensors.tensors().keySet().forEach(name -> arrays.put(name, loader.load(name, manager)));
        }
        return ModelInputs.batch(file, arrays, layout);
    }

    /** Writes tensors by name. */
    public static void write(Path file, Map<String, NDArray> tensors) {
        SafetensorsWriter.write(file, tensors, Map.of("format", "pt"));
    }
}
