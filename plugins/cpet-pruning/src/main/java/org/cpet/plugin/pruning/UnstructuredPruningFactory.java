package org.cpet.plugin.pruning;

import org.cpet.spi.PluginContext;
import org.cpet.spi.compress.Compressor;
import org.cpet.spi.compress.CompressorFactory;

/** Makes {@code unstructured_pruning}. */
public final class UnstructuredPruningFactory implements CompressorFactory<UnstructuredPruningOptions> {
    @Override
    public String name() {
        return "unstructured_pruning";
    }

    @Override
    public String description() {
        return "sets the smallest weights to zero: a share of each matrix, or n of every m along a row";
    }

    @Override
    public Class<UnstructuredPruningOptions> optionsType() {
        return UnstructuredPruningOptions.class;
    }

    @Override
    public Compressor create(UnstructuredPruningOptions options, PluginContext context) {
        return new UnstructuredPruning(options, context);
    }
}
