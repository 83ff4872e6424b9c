package org.cpet.plugin.data;

import org.cpet.spi.NoOptions;
import org.cpet.spi.PluginContext;
import org.cpet.spi.metric.MetricFactory;
import org.cpet.spi.metric.MetricMethod;

/** {@code exact_match}. */
public final class ExactMatchFactory implements MetricFactory<NoOptions> {
    @Override
    public String name() {
        return "exact_match";
    }

    @Override
    public String description() {
        return "share of completions equal to the expected text, white space around them left out";
    }

    @Override
    public Class<NoOptions> optionsType() {
        return NoOptions.class;
    }

    @Override
    public MetricMethod create(NoOptions options, PluginContext context) {
        return labels -> new ShareEqual(String::strip);
    }
}
