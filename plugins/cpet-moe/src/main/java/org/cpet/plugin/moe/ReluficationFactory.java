package org.cpet.plugin.moe;

import org.cpet.spi.NoOptions;
import org.cpet.spi.PluginContext;
import org.cpet.spi.compress.Compressor;
import org.cpet.spi.compress.CompressorFactory;

/** Makes {@code relufication}. */
public final class ReluficationFactory implements CompressorFactory<NoOptions> {
    static final String NAME = "relufication";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "puts a ReLU into FFNs that have another non-linearity; the model must be trained again";
    }

    @Override
    public Class<NoOptions> optionsType() {
        return NoOptions.class;
    }

    @Override
    public Compressor create(NoOptions options, PluginContext context) {
        return new Relufication(context);
    }
}
