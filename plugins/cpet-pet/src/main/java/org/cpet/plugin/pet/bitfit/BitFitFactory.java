package org.cpet.plugin.pet.bitfit;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.cpet.plugin.pet.peft.OwnConfig;
import org.cpet.spi.PluginContext;
import org.cpet.spi.pet.PetMethod;
import org.cpet.spi.pet.PetMethodFactory;

/** {@code bitfit}. */
public final class BitFitFactory implements PetMethodFactory<BitFitOptions> {
    @Override
    public String name() {
        return "bitfit";
    }

    @Override
    public String description() {
        return "trains biases of layers and norms alone";
    }

    @Override
    public Class<BitFitOptions> optionsType() {
        return BitFitOptions.class;
    }

    @Override
    public PetMethod create(BitFitOptions options, PluginContext context) {
        return new BitFit(options, context);
    }

    @Override
    public Optional<BitFitOptions> fromPeft(Map<String, Object> config) {
        return OwnConfig.read(BitFit.PEFT_TYPE, BitFitOptions.class, config);
    }

    /** Biases start from the model's. */
    @Override
    public OptionalDouble neutralValue(BitFitOptions options) {
        return OptionalDouble.empty();
    }
}
