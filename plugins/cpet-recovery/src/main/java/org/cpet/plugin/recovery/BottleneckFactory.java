package org.cpet.plugin.recovery;

import org.cpet.spi.PluginContext;
import org.cpet.spi.recover.RecoveryMethod;
import org.cpet.spi.recover.RecoveryMethodFactory;

/** {@code bottleneck}. */
public final class BottleneckFactory implements RecoveryMethodFactory<BottleneckOptions> {
    @Override
    public String name() {
        return "bottleneck";
    }

    @Override
    public String description() {
        return "a small bottleneck with a non-linearity beside each compressed layer";
    }

    @Override
    public Class<BottleneckOptions> optionsType() {
        return BottleneckOptions.class;
    }

    @Override
    public RecoveryMethod create(BottleneckOptions options, PluginContext context) {
        return new Bottleneck(options, context);
    }
}
