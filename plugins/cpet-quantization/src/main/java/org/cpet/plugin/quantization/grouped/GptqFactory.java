package org.cpet.plugin.quantization.grouped;

import org.cpet.spi.PluginContext;
import org.cpet.spi.compress.Compressor;
import org.cpet.spi.compress.CompressorFactory;

/** Makes {@code gptq}. Its layers are those of {@code rtn}, which opens them from files. */
public final class GptqFactory implements CompressorFactory<GptqOptions> {
    @Override
    public String name() {
        return "gptq";
    }

    @Override
    public String description() {
        return "as rtn, each column rounded so that the ones after it make up for its error";
    }

    @Override
    public Class<GptqOptions> optionsType() {
        return GptqOptions.class;
    }

    @Override
    public Compressor create(GptqOptions options, PluginContext context) {
        return new Gptq(options, context);
    }
}
