package org.cpet.plugin.pet.prefix;

import java.util.Map;
import java.util.Optional;
import org.cpet.spi.PluginContext;
import org.cpet.spi.pet.PetMethod;
import org.cpet.spi.pet.PetMethodFactory;

/** {@code prefix}. */
public final class PrefixFactory implements PetMethodFactory<PrefixOptions> {
    @Override
    public String name() {
        return "prefix";
    }

    @Override
    public String description() {
        return "prefix tuning: trained keys and values before those of the tokens";
    }

    @Override
    public Class<PrefixOptions> optionsType() {
        return PrefixOptions.class;
    }

    @Override
    public PetMethod create(PrefixOptions options, PluginContext context) {
        return new Prefix(options, context);
    }

    @Override
    public Optional<PrefixOptions> fromPeft(Map<String, Object> config) {
        return PeftPrefix.read(config);
    }
}
