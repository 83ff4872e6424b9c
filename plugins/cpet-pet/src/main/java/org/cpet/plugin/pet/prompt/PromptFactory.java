package org.cpet.plugin.pet.prompt;

import java.util.Map;
import java.util.Optional;
import org.cpet.spi.PluginContext;
import org.cpet.spi.pet.PetMethod;
import org.cpet.spi.pet.PetMethodFactory;

/** {@code prompt}. */
public final class PromptFactory implements PetMethodFactory<PromptOptions> {
    @Override
    public String name() {
        return "prompt";
    }

    @Override
    public String description() {
        return "prompt tuning: trained embeddings before those of a row, as in PEFT";
    }

    @Override
    public Class<PromptOptions> optionsType() {
        return PromptOptions.class;
    }

    @Override
    public PetMethod create(PromptOptions options, PluginContext context) {
        return new Prompt(options, context);
    }

    @Override
    public Optional<PromptOptions> fromPeft(Map<String, Object> config) {
        return PeftPrompt.read(config);
    }
}
