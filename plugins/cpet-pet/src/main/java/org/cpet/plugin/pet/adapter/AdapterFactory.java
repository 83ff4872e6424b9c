package org.cpet.plugin.pet.adapter;

import java.util.Map;
import java.util.Optional;
import org.cpet.plugin.pet.peft.OwnConfig;
import org.cpet.spi.PluginContext;
import org.cpet.spi.pet.PetMethod;
import org.cpet.spi.pet.PetMethodFactory;

/** {@code adapter}. */
public final class AdapterFactory implements PetMethodFactory<AdapterOptions> {
    @Override
    public String name() {
        return "adapter";
    }

    @Override
    public String description() {
        return "small networks behind attention and FFN (Houlsby)";
    }

    @Override
    public Class<AdapterOptions> optionsType() {
        return AdapterOptions.class;
    }

    @Override
    public PetMethod create(AdapterOptions options, PluginContext context) {
        return new Adapter(options, context);
    }

    @Override
    public Optional<AdapterOptions> fromPeft(Map<String, Object> config) {
        return OwnConfig.read(Adapter.PEFT_TYPE, AdapterOptions.class, config);
    }
}
