package org.cpet.plugin.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.random.RandomGenerator;
import org.cpet.runtime.engine.DeviceChoice;
import org.cpet.runtime.engine.EngineSession;
import org.cpet.runtime.engine.TensorLoader;
import org.cpet.runtime.engine.safetensors.SafetensorsFile;
import org.cpet.runtime.model.ModelDirectory;
import org.cpet.runtime.model.ModelFamilies;
import org.cpet.runtime.model.ModelLoader;
import org.cpet.spi.NoOptions;
import org.cpet.spi.PluginContext;
import org.cpet.spi.contract.Seeded;
import org.cpet.spi.model.ModelFamily;
import org.cpet.spi.model.ModelFamilyFactory;
import org.cpet.spi.model.ModelRequest;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.Ops;

/** An open engine with the families of this module. */
public final class ModelSession implements PluginContext, AutoCloseable {
    static final long SEED = 42;

    // one thread: the models are so small that several would only wait for each other
    private final EngineSession engine = EngineSession.open(DeviceChoice.parse("cpu"), 1);
    private final List<String> notices = new ArrayList<>();

    public ModelFamilies families() {
        List<ModelFamily> families = new ArrayList<>();
        for (ModelFamilyFactory factory : ServiceLoader.load(ModelFamilyFactory.class)) {
            families.add(factory.create(new NoOptions(), this));
        }
        return new ModelFamilies(families);
    }

    ModelLoader loader() {
        return new ModelLoader(families(), engine, this);
    }

    /** The directory's model for the task its config names. */
    TransformerModel load(Path path) {
        ModelDirectory directory = ModelDirectory.open(path);
        return load(path, directory.nativeRequest(families()));
    }

    TransformerModel load(Path path, ModelRequest request) {
        return loader().load(ModelDirectory.open(path), request, DataType.FLOAT32);
    }

    /** Every tensor of a file. */
    public Map<String, NDArray> read(Path file) {
        SafetensorsFile store = SafetensorsFile.open(file);
        Map<String, NDArray> tensors = new LinkedHashMap<>();
        try (TensorLoader tensorLoader = engine.loader(store)) {
            store.tensors().keySet().forEach(name -> tensors.put(name, tensorLoader.load(name, manager())));
        }
        return tensors;
    }

    public NDManager manager() {
        return engine.manager();
    }

    List<String> notices() {
        return notices;
    }

    @Override
    public Ops ops() {
        return engine.ops();
    }

    @Override
    public RandomGenerator random(String name) {
        return Seeded.random(SEED, name);
    }

    @Override
    public void notice(String message) {
        notices.add(message);
    }

    @Override
    public void close() {
        engine.close();
    }
}
