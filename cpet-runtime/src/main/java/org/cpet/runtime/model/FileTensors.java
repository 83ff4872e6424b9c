package org.cpet.runtime.model;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.HashMap;
import java.util.Map;
import org.cpet.runtime.engine.TensorLoader;
import org.cpet.runtime.engine.safetensors.TensorEntry;
import org.cpet.spi.model.ModelTensor;
import org.cpet.spi.model.TensorSource;

/** Takes tensors from checked files, and what they lack from the seed. */
final class FileTensors implements TensorSource {
    private final ModelCheck check;
    private final TensorLoader loader;
    private final DataType type;
    private final RandomTensors random;
    private final Map<String, ModelTensor> taken = new HashMap<>();

    FileTensors(ModelCheck check, TensorLoader loader, DataType type, RandomTensors random) {
        this.check = check;
        this.loader = loader;
        this.type = type;
        this.random = random;
    }

    @Override
    public ModelTensor take(String name) {
        return taken.computeIfAbsent(name, this::load);
    }

    @Override
    public NDManager manager() {
        return random.manager();
    }

    private ModelTensor load(String name) {
        TensorEntry entry = check.found().get(name);
        if (entry == null) {
            return random.take(name);
        }
        return new ModelTensor(
                name,
                check.stored().contains(name)
                        ? loader.load(entry.name(), manager())
                        : loader.load(entry.name(), type, manager()));
    }
}
