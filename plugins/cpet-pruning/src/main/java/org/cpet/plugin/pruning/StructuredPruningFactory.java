package org.cpet.plugin.pruning;

import org.cpet.spi.PluginContext;
import org.cpet.spi.compress.Compressor;
import org.cpet.spi.compress.CompressorFactory;

/** Makes {@code structured_pruning}. */
public final class StructuredPruningFactory implements CompressorFactory<StructuredPruningOptions> {
    static final String NAME = "structured_pruning";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "removes heads and FFN neurons; the matrices become smaller";
    }

    @Override
    public Class<StructuredPruningOptions> optionsType() {
        return StructuredPruningOptions.class;
    }

    @Override
    public Compressor create(StructuredPruningOptions options, PluginContext context) {
        return new StructuredPruning(options, context);
    }
}
