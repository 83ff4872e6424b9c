package org.cpet.plugin.pet.prompt;

import java.util.List;
import java.util.Map;
import org.cpet.spi.OptionException;
import org.cpet.spi.PluginContext;
import org.cpet.spi.model.EmbeddingSite;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModelTask;
import org.cpet.spi.model.ModulePlan;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.pet.PetMethod;
import org.cpet.spi.pet.PetModule;

/**
 * Prompt tuning: trained embeddings [virtual tokens, hidden] stand before those of a row's tokens (Lester et al. 2021), in a
 * model with an encoder before the encoder's. Logits of the virtual positions are left out. A fresh prompt changes the
 * outputs.
 */
final class Prompt implements PetMethod {
    private final PromptOptions options;
    private final PluginContext context;

    Prompt(PromptOptions options, PluginContext context) {
        this.options = options;
        this.context = context;
    }

    @Override
    public ModulePlan plan(ModelLayout layout) {
        return new ModulePlan(Map.of(PromptModule.TENSOR, (long) rows(layout) * layout.hiddenSize()), List.of());
    }

    @Override
    public PetModule attach(TransformerModel model) {
        EmbeddingSite site = model.embeddings()
                .orElseThrow(() -> new OptionException("prompt needs a model that takes virtual tokens; found family "
                        + model.layout().family()));
        PromptModule module = new PromptModule(
                context.ops(),
                model,
                site,
                options.numVirtualTokens(),
                new PromptStart(options, context).of(site, model.manager(), rows(model.layout())));
        module.attach();
        return module;
    }

    /** PEFT's file has the rows twice for a model of two stacks. */
    private int rows(ModelLayout layout) {
        return options.numVirtualTokens() * (layout.task() == ModelTask.SEQ2SEQ_LM ? 2 : 1);
    }
}
