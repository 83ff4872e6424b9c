package org.cpet.plugin.losses;

import org.cpet.spi.PluginContext;
import org.cpet.spi.loss.DistillationLoss;
import org.cpet.spi.loss.DistillationLossFactory;

/** {@code logits_kl}. */
public final class LogitsKlFactory implements DistillationLossFactory<LogitsKlOptions> {
    @Override
    public String name() {
        return "logits_kl";
    }

    @Override
    public String description() {
        return "Kullback-Leibler divergence of the student's distribution from the teacher's, with a temperature";
    }

    @Override
    public Class<LogitsKlOptions> optionsType() {
        return LogitsKlOptions.class;
    }

    @Override
    public DistillationLoss create(LogitsKlOptions options, PluginContext context) {
        return new LogitsKl(context.ops(), options);
    }
}
