package org.cpet.runtime.model;

import java.nio.file.Files;
import java.nio.file.Path;
import org.cpet.runtime.engine.safetensors.SafetensorsDirectory;
import org.cpet.runtime.engine.safetensors.TensorStore;
import org.cpet.spi.InputException;
import org.cpet.spi.model.ModelConfig;
import org.cpet.spi.model.ModelFamily;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModelRequest;
import org.cpet.spi.model.ModelTask;

/** A Hugging Face directory: {@code config.json}, {@code *.safetensors}, {@code tokenizer.json}. Starts no engine. */
public final class ModelDirectory {
    private final Path path;
    private final ModelConfig config;

    private ModelDirectory(Path path, ModelConfig config) {
        this.path = path;
        this.config = config;
    }

    /** Reads the config; weights and tokenizer are looked at when asked for. */
    public static ModelDirectory open(Path path) {
        if (!Files.isDirectory(path)) {
            throw new InputException(path + ": no such directory");
        }
        return new ModelDirectory(path, ConfigJson.read(path.resolve("config.json")));
    }

    public Path path() {
        return path;
    }

    public ModelConfig config() {
        return config;
    }

    /** {@code tokenizer.json}, which must be there. */
    public Path tokenizer() {
        Path file = path.resolve("tokenizer.json");
        if (!Files.isRegularFile(file)) {
            throw new InputException(file + ": no such file");
        }
        return file;
    }

    /** The headers of the weights, read and checked. */
    public TensorStore weights() {
        return SafetensorsDirectory.open(path);
    }

    /** Modules and shapes for a task, with layers packed as the files hold them. */
    public ModelLayout layout(ModelFamilies families, ModelRequest request) {
        ModelLayout plain = families.of(config).layout(config, request);
        return blocks(families).layout(packed(families, plain).layout(plain));
    }

    /** The packed layers among those of a family's layout. */
    PackedLayers packed(ModelFamilies families, ModelLayout plain) {
        return new PackedLayers(PackedConfig.read(config, families.formats()), plain);
    }

    /** What is said of FFN blocks beside the weights. */
    SavedBlocks blocks(ModelFamilies families) {
        return SavedBlocks.read(path, families.blockFormats());
    }

    /** What the directory is opened as when nobody says: its own task, or a bare encoder. */
    public ModelRequest nativeRequest(ModelFamilies families) {
        ModelFamily family = families.of(config);
        ModelTask task = family.nativeTask(config);
        return new ModelRequest(task, 0);
    }

    /** Which tensors of the files fill the layout. */
    public ModelCheck check(ModelLayout layout) {
        return ModelCheck.of(layout, weights());
    }
}
