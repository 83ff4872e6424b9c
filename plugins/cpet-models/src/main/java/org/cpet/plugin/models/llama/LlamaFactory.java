package org.cpet.plugin.models.llama;

import org.cpet.spi.NoOptions;
import org.cpet.spi.PluginContext;
import org.cpet.spi.model.ModelFamily;
import org.cpet.spi.model.ModelFamilyFactory;

/** Makes the family of {@code model_type: llama} and {@code mistral}. */
public final class LlamaFactory implements ModelFamilyFactory {
    @Override
    public String name() {
        return "llama";
    }

    @Override
    public String description() {
        return "LLaMA and Mistral: causal language models";
    }

    @Override
    public ModelFamily create(NoOptions options, PluginContext context) {
        return new LlamaFamily();
    }
}
