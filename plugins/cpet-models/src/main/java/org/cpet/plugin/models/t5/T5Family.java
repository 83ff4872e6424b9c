package org.cpet.plugin.models.t5;

import java.util.List;
import org.cpet.plugin.models.ConfigChecks;
import org.cpet.plugin.models.ModelSites;
import org.cpet.plugin.models.SavedWidths;
import org.cpet.spi.PluginContext;
import org.cpet.spi.model.ModelConfig;
import org.cpet.spi.model.ModelFamily;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModelRequest;
import org.cpet.spi.model.ModelTask;
import org.cpet.spi.model.TensorSource;
import org.cpet.spi.model.TransformerModel;

/** T5 v1.0 (ReLU, tied head) and v1.1 (gated GELU, own head). */
final class T5Family implements ModelFamily {
    @Override
    public List<String> modelTypes() {
        return List.of("t5");
    }

    @Override
    public boolean recognizes(ModelConfig config) {
        return modelTypes().contains(config.text("model_type", ""));
    }

    @Override
    public ModelTask nativeTask(ModelConfig config) {
        return ModelTask.SEQ2SEQ_LM;
    }

    @Override
    public ModelLayout layout(ModelConfig config, ModelRequest request) {
        ConfigChecks.task(config, request, List.of(ModelTask.SEQ2SEQ_LM));
        return T5Layout.withOwnTables(SavedWidths.apply(config, T5Layout.of(T5Config.read(config))));
    }

    @Override
    public TransformerModel build(
            ModelConfig config, ModelRequest request, TensorSource tensors, PluginContext context) {
        T5Config sizes = T5Config.read(config);
        ModelSites sites = ModelSites.of(config, layout(config, request), tensors, context.ops());
        return new T5Model(sites, sizes);
    }
}
