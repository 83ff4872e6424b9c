package org.cpet.it.support;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.cpet.runtime.engine.DeviceChoice;
import org.cpet.runtime.engine.EngineSession;
import org.cpet.runtime.engine.TensorLoader;
import org.cpet.runtime.engine.safetensors.SafetensorsFile;
import org.cpet.runtime.model.ModelDirectory;
import org.cpet.runtime.model.ModelFamilies;
import org.cpet.runtime.model.ModelLoader;
import org.cpet.runtime.model.ModelWriter;
import org.cpet.spi.NoOptions;
import org.cpet.spi.PluginContext;
import org.cpet.spi.model.ModelFamily;
import org.cpet.spi.model.ModelFamilyFactory;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.Ops;

/** Model directories opened in this process, for checks that no command line shows. */
public final class Opened implements AutoCloseable {
    private final EngineSession engine = EngineSession.open(DeviceChoice.parse("cpu"), 0);

    /** The host of plugins. */
    public PluginContext context() {
        return new Host(engine);
    }

    public Ops ops() {
        return engine.ops();
    }

    /** A model for the task its config names. */
    public TransformerModel model(Path path) {
        List<ModelFamily> known = ServiceLoader.load(ModelFamilyFactory.class).stream()
                .map(factory -> factory.get().create(new NoOptions(), context()))
                .toList();
        ModelFamilies families = new ModelFamilies(known);
        ModelDirectory directory = ModelDirectory.open(path);
        return new ModelLoader(families, engine, context())
                .load(directory, directory.nativeRequest(families), DataType.FLOAT32);
    }

    /** Writes a model as a directory. */
    public void write(TransformerModel model, Path source, Path target) {
        new ModelWriter(engine.ops()).write(model, ModelDirectory.open(source), target);
    }

    /** The inputs of a golden folder. */
    public TokenBatch batch(Path file, NDManager manager) {
        SafetensorsFile store = SafetensorsFile.open(file);
        Map<String, NDArray> tensors = new LinkedHashMap<>();
        try (TensorLoader loader = engine.loader(store)) {
            store.tensors().keySet().forEach(name -> tensors.put(name, loader.load(name, manager)));
        }
        return new TokenBatch(
                tensors.get("input_ids"),
                tensors.get("attention_mask"),
                Optional.ofNullable(tensors.get("token_type_ids")),
                Optional.ofNullable(tensors.get("decoder_input_ids")),
                Optional.ofNullable(tensors.get("labels")));
    }

    @Override
    public void close() {
        engine.close();
    }

    private record Host(EngineSession engine) implements PluginContext {
        @Override
        public Ops ops() {
            return engine.ops();
        }

        @Override
        public RandomGenerator random(String name) {
            return new SplittableRandom(name.hashCode());
        }

        @Override
        public void notice(String message) {}
    }
}
