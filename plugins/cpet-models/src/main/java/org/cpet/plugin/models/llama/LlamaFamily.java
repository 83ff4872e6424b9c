package org.cpet.plugin.models.llama;

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

/** LLaMA, and Mistral where its window hides nothing. */
final class LlamaFamily implements ModelFamily {
    @Override
    public List<String> modelTypes() {
        return List.of("llama", "mistral");
    }

    @Override
    public boolean recognizes(ModelConfig config) {
        return modelTypes().contains(config.text("model_type", ""));
    }

    @Override
    public ModelTask nativeTask(ModelConfig config) {
        return ModelTask.CAUSAL_LM;
    }

    @Override
    public ModelLayout layout(ModelConfig config, ModelRequest request) {
        ConfigChecks.task(config, request, List.of(ModelTask.CAUSAL_LM));
        return SavedWidths.apply(config, LlamaLayout.of(LlamaConfig.read(config)));
    }

    @Override
    public TransformerModel build(
            ModelConfig config, ModelRequest request, TensorSource tensors, PluginContext context) {
        LlamaConfig sizes = LlamaConfig.read(config);
        ModelSites sites = ModelSites.of(config, layout(config, request), tensors, context.ops());
        return new LlamaModel(sites, sizes);
    }
}
