package org.cpet.plugin.losses;

import org.cpet.spi.PluginContext;
import org.cpet.spi.loss.DistillationLoss;
import org.cpet.spi.loss.DistillationLossFactory;

/** {@code layerwise_hidden_mse}. */
public final class LayerwiseHiddenMseFactory implements DistillationLossFactory<LayerwiseHiddenOptions> {
    @Override
    public String name() {
        return "layerwise_hidden_mse";
    }

    @Override
    public String description() {
        return "mean squared difference to the teacher's hidden states, layer by layer";
    }

    @Override
    public Class<LayerwiseHiddenOptions> optionsType() {
        return LayerwiseHiddenOptions.class;
    }

    @Override
    public DistillationLoss create(LayerwiseHiddenOptions options, PluginContext context) {
        return new LayerwiseHiddenMse(context.ops(), options);
    }
}
