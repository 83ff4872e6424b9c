package org.cpet.plugin.pet.parallel;

import java.util.Map;
import java.util.Optional;
import org.cpet.plugin.pet.peft.OwnConfig;
import org.cpet.spi.PluginContext;
import org.cpet.spi.pet.PetMethod;
import org.cpet.spi.pet.PetMethodFactory;

/** {@code parallel_adapter}. */
public final class ParallelAdapterFactory implements PetMethodFactory<ParallelAdapterOptions> {
    @Override
    public String name() {
        return "parallel_adapter";
    }

    @Override
    public String description() {
        return "small networks beside whole attention and FFN blocks";
    }

    @Override
    public Class<ParallelAdapterOptions> optionsType() {
        return ParallelAdapterOptions.class;
    }

    @Override
    public PetMethod create(ParallelAdapterOptions options, PluginContext context) {
        return new ParallelAdapter(options, context);
    }

    @Override
    public Optional<ParallelAdapterOptions> fromPeft(Map<String, Object> config) {
        return OwnConfig.read(ParallelAdapter.PEFT_TYPE, ParallelAdapterOptions.class, config);
    }
}
