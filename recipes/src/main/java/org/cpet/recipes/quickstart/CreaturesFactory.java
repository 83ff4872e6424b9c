package org.cpet.recipes.quickstart;

import org.cpet.spi.NoOptions;
import org.cpet.spi.PluginContext;
import org.cpet.spi.data.DatasetReader;
import org.cpet.spi.data.DatasetReaderFactory;

/** {@code creatures}. */
public final class CreaturesFactory implements DatasetReaderFactory<NoOptions> {
    @Override
    public String name() {
        return "creatures";
    }

    @Override
    public String description() {
        return "the quickstart's questions about invented creatures, generated from a seed";
    }

    @Override
    public Class<NoOptions> optionsType() {
        return NoOptions.class;
    }

    @Override
    public DatasetReader create(NoOptions options, PluginContext context) {
        return new Creatures();
    }
}
