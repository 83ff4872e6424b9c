package org.cpet.plugin.losses;

import org.cpet.spi.NoOptions;
import org.cpet.spi.PluginContext;
import org.cpet.spi.loss.TaskLoss;
import org.cpet.spi.loss.TaskLossFactory;

/** {@code cross_entropy}. */
public final class CrossEntropyFactory implements TaskLossFactory<NoOptions> {
    @Override
    public String name() {
        return "cross_entropy";
    }

    @Override
    public String description() {
        return "cross entropy with the labels of the data, in float32, the mean over counted positions";
    }

    @Override
    public Class<NoOptions> optionsType() {
        return NoOptions.class;
    }

    @Override
    public TaskLoss create(NoOptions options, PluginContext context) {
        return new CrossEntropy(context.ops());
    }
}
