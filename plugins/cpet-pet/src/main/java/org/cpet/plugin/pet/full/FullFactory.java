package org.cpet.plugin.pet.full;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.cpet.plugin.pet.peft.OwnConfig;
import org.cpet.spi.NoOptions;
import org.cpet.spi.PluginContext;
import org.cpet.spi.pet.PetMethod;
import org.cpet.spi.pet.PetMethodFactory;

/** {@code full}. */
public final class FullFactory implements PetMethodFactory<NoOptions> {
    @Override
    public String name() {
        return "full";
    }

    @Override
    public String description() {
        return "full fine-tuning: every tensor of the model is trained";
    }

    @Override
    public Class<NoOptions> optionsType() {
        return NoOptions.class;
    }

    @Override
    public PetMethod create(NoOptions options, PluginContext context) {
        return new Full(context);
    }

    @Override
    public Optional<NoOptions> fromPeft(Map<String, Object> config) {
        return OwnConfig.read(Full.PEFT_TYPE, NoOptions.class, config);
    }

    /** Tensors start from the model's. */
    @Override
    public OptionalDouble neutralValue(NoOptions options) {
        return OptionalDouble.empty();
    }
}
