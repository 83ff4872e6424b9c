package org.cpet.plugin.quantization.grouped;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.cpet.spi.PluginContext;
import org.cpet.spi.pet.PetMethod;
import org.cpet.spi.pet.PetMethodFactory;

/** Makes {@code qat}. */
public final class QatFactory implements PetMethodFactory<QatOptions> {
    @Override
    public String name() {
        return Qat.NAME;
    }

    @Override
    public String description() {
        return "trains all weights of packed layers, rounded in every pass (quantisation-aware training)";
    }

    @Override
    public Class<QatOptions> optionsType() {
        return QatOptions.class;
    }

    @Override
    public Optional<QatOptions> fromPeft(Map<String, Object> config) {
        return TargetsConfig.read(Qat.PEFT_TYPE, config).map(QatOptions::new);
    }

    @Override
    public PetMethod create(QatOptions options, PluginContext context) {
        return new Qat(options, context);
    }

    /** Weights start from the model's. */
    @Override
    public OptionalDouble neutralValue(QatOptions options) {
        return OptionalDouble.empty();
    }
}
