package org.cpet.plugin.pet.nonlinear;

import java.util.Map;
import java.util.Optional;
import org.cpet.plugin.pet.peft.OwnConfig;
import org.cpet.spi.PluginContext;
import org.cpet.spi.pet.PetMethod;
import org.cpet.spi.pet.PetMethodFactory;

/** {@code bottleneck}. */
public final class BottleneckFactory implements PetMethodFactory<BottleneckOptions> {
    @Override
    public String name() {
        return "bottleneck";
    }

    @Override
    public String description() {
        return "a small bottleneck with a non-linearity beside linear layers";
    }

    @Override
    public Class<BottleneckOptions> optionsType() {
        return BottleneckOptions.class;
    }

    @Override
    public PetMethod create(BottleneckOptions options, PluginContext context) {
        return new Bottleneck(options, context);
    }

    @Override
    public Optional<BottleneckOptions> fromPeft(Map<String, Object> config) {
        return OwnConfig.read(Bottleneck.PEFT_TYPE, BottleneckOptions.class, config);
    }
}
