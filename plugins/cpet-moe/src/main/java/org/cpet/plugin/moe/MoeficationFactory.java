package org.cpet.plugin.moe;

import java.util.List;
import org.cpet.spi.PluginContext;
import org.cpet.spi.compress.Compressor;
import org.cpet.spi.compress.CompressorFactory;
import org.cpet.spi.model.BlockFormat;

/** Makes {@code moefication}. */
public final class MoeficationFactory implements CompressorFactory<MoeficationOptions> {
    static final String NAME = "moefication";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "splits FFN neurons into experts; each token computes a few of them";
    }

    @Override
    public Class<MoeficationOptions> optionsType() {
        return MoeficationOptions.class;
    }

    @Override
    public List<BlockFormat> blockFormats() {
        return List.of(new ExpertFormat());
    }

    @Override
    public Compressor create(MoeficationOptions options, PluginContext context) {
        return new Moefication(options, context);
    }
}
