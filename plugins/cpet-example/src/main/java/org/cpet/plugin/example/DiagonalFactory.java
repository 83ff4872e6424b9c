package org.cpet.plugin.example;

import org.cpet.spi.PluginContext;
import org.cpet.spi.recover.RecoveryMethod;
import org.cpet.spi.recover.RecoveryMethodFactory;

/** Makes {@code diagonal}: {@code recovery: {type: diagonal}}. */
public final class DiagonalFactory implements RecoveryMethodFactory<DiagonalOptions> {
    @Override
    public String name() {
        return "diagonal";
    }

    @Override
    public String description() {
        return "a gain per channel from a layer's input to its output";
    }

    @Override
    public Class<DiagonalOptions> optionsType() {
        return DiagonalOptions.class;
    }

    @Override
    public RecoveryMethod create(DiagonalOptions options, PluginContext context) {
        return new Diagonal(options, context);
    }
}
