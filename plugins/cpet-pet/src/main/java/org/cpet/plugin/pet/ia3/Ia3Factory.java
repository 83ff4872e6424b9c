package org.cpet.plugin.pet.ia3;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.cpet.spi.PluginContext;
import org.cpet.spi.pet.PetMethod;
import org.cpet.spi.pet.PetMethodFactory;

/** {@code ia3}. */
public final class Ia3Factory implements PetMethodFactory<Ia3Options> {
    @Override
    public String name() {
        return "ia3";
    }

    @Override
    public String description() {
        return "learnt scales of keys, values and FFN activations, as in PEFT";
    }

    @Override
    public Class<Ia3Options> optionsType() {
        return Ia3Options.class;
    }

    @Override
    public PetMethod create(Ia3Options options, PluginContext context) {
        return new Ia3(options, context);
    }

    @Override
    public Optional<Ia3Options> fromPeft(Map<String, Object> config) {
        return PeftIa3.read(config);
    }

    /** A scale of 1 changes nothing. */
    @Override
    public OptionalDouble neutralValue(Ia3Options options) {
        return OptionalDouble.of(1);
    }
}
