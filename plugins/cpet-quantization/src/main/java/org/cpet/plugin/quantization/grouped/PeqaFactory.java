package org.cpet.plugin.quantization.grouped;

import java.util.Map;
import java.util.Optional;
import org.cpet.spi.PluginContext;
import org.cpet.spi.pet.PetMethod;
import org.cpet.spi.pet.PetMethodFactory;

/** Makes {@code peqa}. */
public final class PeqaFactory implements PetMethodFactory<PeqaOptions> {
    @Override
    public String name() {
        return Peqa.NAME;
    }

    @Override
    public String description() {
        return "trains the scales of packed layers; their codes stay as they are";
    }

    @Override
    public Class<PeqaOptions> optionsType() {
        return PeqaOptions.class;
    }

    @Override
    public Optional<PeqaOptions> fromPeft(Map<String, Object> config) {
        return TargetsConfig.read(Peqa.PEFT_TYPE, config).map(PeqaOptions::new);
    }

    @Override
    public PetMethod create(PeqaOptions options, PluginContext context) {
        return new Peqa(options, context);
    }
}
