package org.cpet.runtime.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cpet.runtime.engine.EngineSession;
import org.cpet.runtime.engine.TensorLoader;
import org.cpet.runtime.engine.safetensors.SafetensorsFile;
import org.cpet.runtime.engine.safetensors.SafetensorsWriter;
import org.cpet.spi.InputException;
import org.cpet.spi.Nearest;
import org.cpet.spi.PluginContext;
import org.cpet.spi.model.BlockFormat;
import org.cpet.spi.model.FeedForwardSite;
import org.cpet.spi.model.ModelConfig;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModelTensor;
import org.cpet.spi.model.PackedForm;
import org.cpet.spi.model.TensorSource;
import org.cpet.spi.model.TransformerModel;

/**
 * FFN blocks that are not computed neuron by neuron, kept beside the weights, which stay those of dense blocks:
 *
 * <pre>
 *   blocks.json         {"blocks": {"encoder.layer.0": {"format": "experts", "experts": 32, ...}, ...}}
 *   blocks.safetensors  what the blocks hold besides their layers, such as routers
 * </pre>
 *
 * A loader that does not know these files computes every neuron.
 */
public final class SavedBlocks {
    public static final String FILE = "blocks.json";
    static final String TENSORS = "blocks.safetensors";
    private static final String BLOCKS = "blocks";
    private static final String FORMAT = "format";

    private final Path directory;
    private final Map<String, Saved> blocks;

    private SavedBlocks(Path directory, Map<String, Saved> blocks) {
        this.directory = directory;
        this.blocks = blocks;
    }

    private record Saved(BlockFormat format, ModelConfig settings) {}

    /** What a directory says of its blocks; nothing where it has no such file. */
    static SavedBlocks read(Path directory, List<BlockFormat> known) {
        Map<String, Saved> blocks = new LinkedHashMap<>();
        Path file = directory.resolve(FILE);
        if (Files.isRegularFile(file)) {
            ModelConfig config = ConfigJson.read(file);
            ModelConfig named = config.object(BLOCKS)
                    .orElseThrow(() -> config.problem("'" + BLOCKS + "' is missing; allowed an object by block"));
            named.values()
                    .keySet()
                    .forEach(name -> named.object(name)
                            .ifPresent(settings -> blocks.put(name, new Saved(format(settings, known), settings))));
        }
        return new SavedBlocks(directory, blocks);
    }

    private static BlockFormat format(ModelConfig settings, List<BlockFormat> known) {
        String name = settings.text(FORMAT, "none");
        List<String> names = known.stream().map(BlockFormat::name).sorted().toList();
        return known.stream()
                .filter(format -> format.name().equals(name))
                .findFirst()
                .orElseThrow(() -> settings.problem("no plugin computes this kind of block; found " + name
                        + "; allowed " + String.join(", ", names) + Nearest.hint(name, names)));
    }

    /** The layout with these blocks. */
    ModelLayout layout(ModelLayout plain) {
        if (blocks.isEmpty()) {
            return plain;
        }
        blocks.keySet().stream()
                .filter(name -> plain.feedForwards().stream()
                        .noneMatch(block -> block.name().equals(name)))
                .findFirst()
                .ifPresent(name -> {
                    throw new InputException(directory.resolve(FILE) + ": no such FFN block; found " + name
                            + "; allowed those of config.json");
                });
        return plain.with(
                plain.linears(),
                plain.attentions(),
                plain.feedForwards().stream()
                        .map(block -> Optional.ofNullable(blocks.get(block.name()))
                                .map(saved -> saved.format().spec(block, saved.settings()))
                                .orElse(block))
                        .toList());
    }

    /** Puts what computes these blocks into a model. */
    void install(TransformerModel model, EngineSession engine, PluginContext context) {
        if (blocks.isEmpty()) {
            return;
        }
        try (TensorLoader loader = engine.loader(SafetensorsFile.open(directory.resolve(TENSORS)))) {
            TensorSource tensors = new Tensors(loader, model.manager());
            for (FeedForwardSite block : model.feedForwards()) {
                Saved saved = blocks.get(block.name());
                if (saved != null) {
                    block.replace(saved.format().open(block, saved.settings(), tensors, context));
                }
            }
        }
    }

    private record Tensors(TensorLoader loader, NDManager manager) implements TensorSource {
        @Override
        public ModelTensor take(String name) {
            return new ModelTensor(name, loader.load(name, manager));
        }
    }

    /** What a loader that does not know these files makes of a model's blocks; empty where all are dense. */
    public static Optional<String> notice(TransformerModel model) {
        return model.feedForwards().stream()
                .flatMap(block -> block.op().stream())
                .filter(op -> op.saved().isPresent())
                .findFirst()
                .map(op -> "FFN blocks open as " + op.form() + " through " + FILE
                        + "; stock loaders read the dense weights and compute every neuron");
    }

    /** Writes a model's blocks beside its weights; nothing where all are dense. */
    static void write(TransformerModel model, Path directory) throws IOException {
        Map<String, Object> described = new LinkedHashMap<>();
        Map<String, NDArray> tensors = new LinkedHashMap<>();
        for (FeedForwardSite block : model.feedForwards()) {
            Optional<PackedForm> form = block.op().flatMap(op -> op.saved());
            form.ifPresent(saved -> {
                Map<String, Object> settings = new LinkedHashMap<>();
                settings.put(FORMAT, saved.format());
                settings.putAll(saved.settings());
                described.put(model.savedName(block.name()), settings);
                block.op()
                        .orElseThrow()
                        .tensors()
                        .forEach(tensor -> tensors.put(model.savedName(tensor.name()), tensor.value()));
            });
        }
        if (!described.isEmpty()) {
            Files.write(directory.resolve(FILE), ConfigJson.write(Map.of(BLOCKS, described)));
            SafetensorsWriter.write(directory.resolve(TENSORS), tensors, Map.of("format", "pt"));
        }
    }
}
