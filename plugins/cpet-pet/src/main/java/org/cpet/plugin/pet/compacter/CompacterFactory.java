package org.cpet.plugin.pet.compacter;

import java.util.Map;
import java.util.Optional;
import org.cpet.plugin.pet.peft.OwnConfig;
import org.cpet.spi.PluginContext;
import org.cpet.spi.pet.PetMethod;
import org.cpet.spi.pet.PetMethodFactory;

/** {@code compacter}. */
public final class CompacterFactory implements PetMethodFactory<CompacterOptions> {
    @Override
    public String name() {
        return "compacter";
    }

    @Override
    public String description() {
        return "adapters whose matrices are sums of Kronecker products";
    }

    @Override
    public Class<CompacterOptions> optionsType() {
        return CompacterOptions.class;
    }

    @Override
    public PetMethod create(CompacterOptions options, PluginContext context) {
        return new Compacter(options, context);
    }

    @Override
    public Optional<CompacterOptions> fromPeft(Map<String, Object> config) {
        return OwnConfig.read(Compacter.PEFT_TYPE, CompacterOptions.class, config);
    }
}
