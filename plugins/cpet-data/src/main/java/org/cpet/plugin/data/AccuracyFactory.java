package org.cpet.plugin.data;

import org.cpet.spi.NoOptions;
import org.cpet.spi.PluginContext;
import org.cpet.spi.metric.MetricFactory;
import org.cpet.spi.metric.MetricMethod;

/** {@code accuracy}. */
public final class AccuracyFactory implements MetricFactory<NoOptions> {
    @Override
    public String name() {
        return "accuracy";
    }

    @Override
    public String description() {
        return "share of predictions equal to the label";
    }

    @Override
    public Class<NoOptions> optionsType() {
        return NoOptions.class;
    }

    @Override
    public MetricMethod create(NoOptions options, PluginContext context) {
        return labels -> new ShareEqual(text -> text);
    }
}
