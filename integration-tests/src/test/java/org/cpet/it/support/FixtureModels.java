package org.cpet.it.support;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.nio.file.Path;
import java.util.ArrayList;
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
import org.cpet.spi.NoOptions;
import org.cpet.spi.PluginContext;
import org.cpet.spi.compress.CompressorFactory;
import org.cpet.spi.model.BlockFormat;
import org.cpet.spi.model.ModelFamily;
import org.cpet.spi.model.ModelFamilyFactory;
import org.cpet.spi.model.PackedFormat;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.Ops;

/** Opens the models of the fixtures in this process, for methods of plugins to work on. */
public final class FixtureModels implements PluginContext, AutoCloseable {
    private final EngineSession engine = EngineSession.open(DeviceChoice.parse("cpu"), 0);
    private final List<String> notices = new ArrayList<>();

    /** A directory's model in float32. */
    public TransformerModel load(Path path) {
        List<ModelFamily> known = ServiceLoader.load(ModelFamilyFactory.class).stream()
                .map(factory -> factory.get().create(new NoOptions(), this))
                .toList();
        List<PackedFormat> formats = new ArrayList<>();
        List<BlockFormat> blocks = new ArrayList<>();
        for (CompressorFactory<?> factory : ServiceLoader.load(CompressorFactory.class)) {
            formats.addAll(factory.formats());
            blocks.addAll(factory.blockFormats());
        }
        ModelFamilies families = new ModelFamilies(known, formats, blocks);
        ModelDirectory directory = ModelDirectory.open(path);
        return new ModelLoader(families, engine, this)
                .load(directory, directory.nativeRequest(families), DataType.FLOAT32);
    }

    /** A file of inputs. */
    public TokenBatch batch(Path file, NDManager manager) {
        Map<String, NDArray> tensors = tensors(file, manager);
        return new TokenBatch(
                tensors.get("input_ids"),
                tensors.get("attention_mask"),
                Optional.ofNullable(tensors.get("token_type_ids")),
                Optional.ofNullable(tensors.get("decoder_input_ids")),
                Optional.ofNullable(tensors.get("labels")));
    }

    /** Every tensor of a file. */
    public Map<String, NDArray> tensors(Path file, NDManager manager) {
        SafetensorsFile store = SafetensorsFile.open(file);
        Map<String, NDArray> tensors = new LinkedHashMap<>();
        try (TensorLoader loader = engine.loader(store)) {
            store.tensors().keySet().forEach(name -> tensors.put(name, loader.load(name, manager)));
        }
        return tensors;
    }

    /** What was told to the user. */
    public List<String> notices() {
        return List.copyOf(notices);
    }

    @Override
    public Ops ops() {
        return engine.ops();
    }

    @Override
    public RandomGenerator random(String name) {
        return new SplittableRandom(name.hashCode());
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
