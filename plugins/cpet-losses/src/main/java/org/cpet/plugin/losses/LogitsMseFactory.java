package org.cpet.plugin.losses;

import org.cpet.spi.PluginContext;
import org.cpet.spi.loss.DistillationLoss;
import org.cpet.spi.loss.DistillationLossFactory;
import org.cpet.spi.loss.OutputKind;

/** {@code logits_mse}. */
public final class LogitsMseFactory implements DistillationLossFactory<MeanSquaredErrorOptions> {
    @Override
    public String name() {
        return "logits_mse";
    }

    @Override
    public String description() {
        return "mean squared difference to the teacher's logits, in float32, padding left out";
    }

    @Override
    public Class<MeanSquaredErrorOptions> optionsType() {
        return MeanSquaredErrorOptions.class;
    }

    @Override
    public DistillationLoss create(MeanSquaredErrorOptions options, PluginContext context) {
        return new MeanSquaredError(context.ops(), OutputKind.LOGITS, options);
    }
}
