package org.cpet.plugin.quantization;

import org.cpet.spi.PluginContext;
import org.cpet.spi.compress.Compressor;
import org.cpet.spi.compress.CompressorFactory;

/** Makes {@code int8}. */
public final class Int8Factory implements CompressorFactory<Int8Options> {
    @Override
    public String name() {
        return "int8";
    }

    @Override
    public String description() {
        return "weights in 8 bits with one scale per output channel, activations per token";
    }

    @Override
    public Class<Int8Options> optionsType() {
        return Int8Options.class;
    }

    @Override
    public Compressor create(Int8Options options, PluginContext context) {
        return new Int8(options, context);
    }
}
