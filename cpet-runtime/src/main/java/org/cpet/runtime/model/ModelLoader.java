package org.cpet.runtime.model;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.List;
import java.util.stream.Collectors;
import org.cpet.runtime.engine.EngineSession;
import org.cpet.runtime.engine.TensorLoader;
import org.cpet.spi.PluginContext;
import org.cpet.spi.model.ModelConfig;
import org.cpet.spi.model.ModelFamily;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModelRequest;
import org.cpet.spi.model.TensorSource;
import org.cpet.spi.model.TensorSpec;
import org.cpet.spi.model.TransformerModel;

/** Makes models; each owns its weights and frees them when closed. */
public final class ModelLoader {
    private final ModelFamilies families;
    private final EngineSession engine;
    private final PluginContext context;

    public ModelLoader(ModelFamilies families, EngineSession engine, PluginContext context) {
        this.families = families;
        this.engine = engine;
        this.context = context;
    }

    /**
     * The directory's model with frozen weights; what the files store is widened or narrowed to {@code type}. A head
     * that no file has is drawn from the seed, and said so.
     */
    public TransformerModel load(ModelDirectory directory, ModelRequest request, DataType type) {
        ModelLayout plain = families.of(directory.config()).layout(directory.config(), request);
        PackedLayers packed = directory.packed(families, plain);
        ModelLayout layout = packed.layout(plain);
        SavedBlocks blocks = directory.blocks(families);
        blocks.layout(layout);
        ModelCheck check = directory.check(layout).require();
        TensorCopies.check(check.store(), check.copies());
        tell(directory, check);
        NDManager manager = engine.manager().newSubManager();
        try (TensorLoader loader = engine.loader(check.store())) {
            RandomTensors random = new RandomTensors(layout, type, manager, context);
            TensorSource tensors = new FileTensors(check, loader, type, random);
            TransformerModel model = build(directory.config(), request, packed.around(tensors));
            packed.install(model, tensors, context);
            blocks.install(model, engine, context);
            return model;
        }
    }

    /** The directory's architecture with every tensor drawn from the seed. */
    public TransformerModel random(ModelDirectory directory, ModelRequest request, DataType type) {
        ModelLayout layout = families.of(directory.config()).layout(directory.config(), request);
        if (!directory.packed(families, layout).isEmpty()) {
            throw directory
                    .config()
                    .problem("packed layers have no values that a seed could give; allowed init: random"
                            + " with a config.json that has no '" + PackedConfig.KEY + "'");
        }
        NDManager manager = engine.manager().newSubManager();
        return build(directory.config(), request, new RandomTensors(layout, type, manager, context));
    }

    /** The architecture of a config with tensors from anywhere; their manager closes when this fails. */
    public TransformerModel build(ModelConfig config, ModelRequest request, TensorSource tensors) {
        ModelFamily family = families.of(config);
        boolean built = false;
        try {
            TransformerModel model = family.build(config, request, tensors, context);
            built = true;
            return model;
        } finally {
            if (!built) {
                tensors.manager().close();
            }
        }
    }

    private void tell(ModelDirectory directory, ModelCheck check) {
        if (!check.drawn().isEmpty()) {
            context.notice(directory.path() + " has no " + modules(check.drawn())
                    + "; drawn from the seed, to be trained and saved with the adapter");
        }
        List<String> unused = check.skipped().stream()
                .filter(name -> name.matches(".*\\.(weight|bias)"))
                .toList();
        if (!unused.isEmpty()) {
            context.notice(directory.path() + ": not used for this task: " + String.join(", ", unused));
        }
    }

    private static String modules(List<TensorSpec> drawn) {
        return drawn.stream()
                .map(spec -> spec.name().replaceFirst("\\.(weight|bias)$", ""))
                .distinct()
                .collect(Collectors.joining(", "));
    }
}
