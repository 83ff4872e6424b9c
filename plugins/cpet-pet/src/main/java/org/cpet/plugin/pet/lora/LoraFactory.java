package org.cpet.plugin.pet.lora;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.cpet.spi.PluginContext;
import org.cpet.spi.pet.PetMethod;
import org.cpet.spi.pet.PetMethodFactory;

/** {@code lora}. */
public final class LoraFactory implements PetMethodFactory<LoraOptions> {
    @Override
    public String name() {
        return "lora";
    }

    @Override
    public String description() {
        return "low-rank updates beside linear layers, as in PEFT";
    }

    @Override
    public Class<LoraOptions> optionsType() {
        return LoraOptions.class;
    }

    @Override
    public PetMethod create(LoraOptions options, PluginContext context) {
        return new Lora(options, context);
    }

    @Override
    public Optional<LoraOptions> fromPeft(Map<String, Object> config) {
        return PeftLora.read(config);
    }

    /** The magnitudes of DoRA start from the model's rows. */
    @Override
    public OptionalDouble neutralValue(LoraOptions options) {
        return options.useDora() ? OptionalDouble.empty() : OptionalDouble.of(0);
    }
}
