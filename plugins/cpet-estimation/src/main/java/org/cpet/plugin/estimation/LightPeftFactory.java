package org.cpet.plugin.estimation;

import org.cpet.spi.PluginContext;
import org.cpet.spi.estimate.EstimationMethod;
import org.cpet.spi.estimate.EstimationMethodFactory;

/** {@code light_peft}. */
public final class LightPeftFactory implements EstimationMethodFactory<LightPeftOptions> {
    @Override
    public String name() {
        return "light_peft";
    }

    @Override
    public String description() {
        return "masks on heads and neurons, trained early with the PET, tell what of both to prune (Light-PEFT)";
    }

    @Override
    public Class<LightPeftOptions> optionsType() {
        return LightPeftOptions.class;
    }

    @Override
    public EstimationMethod create(LightPeftOptions options, PluginContext context) {
        return new LightPeft(options, context);
    }
}
