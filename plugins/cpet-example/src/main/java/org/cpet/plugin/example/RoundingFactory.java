package org.cpet.plugin.example;

import org.cpet.spi.PluginContext;
import org.cpet.spi.compress.Compressor;
import org.cpet.spi.compress.CompressorFactory;

/**
 * Makes {@code rounding}. The file {@code META-INF/services/org.cpet.spi.compress.CompressorFactory} names this class;
 * that is how a recipe finds it. It must be public and have a constructor without parameters.
 */
public final class RoundingFactory implements CompressorFactory<RoundingOptions> {
    /** What a recipe writes: {@code compression: [{rounding: {step: 0.01}}]}. One plugin may not take another's name. */
    @Override
    public String name() {
        return "rounding";
    }

    /** One line for {@code cpet list}, without a full stop. */
    @Override
    public String description() {
        return "rounds weights to a grid";
    }

    @Override
    public Class<RoundingOptions> optionsType() {
        return RoundingOptions.class;
    }

    /** Called while a recipe is checked, before any weight is read: no work here, and no context.ops() yet. */
    @Override
    public Compressor create(RoundingOptions options, PluginContext context) {
        return new Rounding(options, context);
    }
}
