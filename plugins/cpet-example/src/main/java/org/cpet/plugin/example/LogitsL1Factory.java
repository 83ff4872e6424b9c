package org.cpet.plugin.example;

import org.cpet.spi.PluginContext;
import org.cpet.spi.loss.DistillationLoss;
import org.cpet.spi.loss.DistillationLossFactory;

/** Makes {@code logits_l1}: {@code distillation: {type: logits_l1, alpha: 0.1}}. */
public final class LogitsL1Factory implements DistillationLossFactory<LogitsL1Options> {
    @Override
    public String name() {
        return "logits_l1";
    }

    @Override
    public String description() {
        return "mean absolute difference to the teacher's logits";
    }

    @Override
    public Class<LogitsL1Options> optionsType() {
        return LogitsL1Options.class;
    }

    @Override
    public DistillationLoss create(LogitsL1Options options, PluginContext context) {
        return new LogitsL1(options, context);
    }
}
