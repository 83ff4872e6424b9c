package org.cpet.plugin.adapters.merging;

import org.cpet.spi.PluginContext;
import org.cpet.spi.adapter.AdapterMerger;
import org.cpet.spi.adapter.AdapterMergerFactory;

/** {@code ties}. */
public final class TiesFactory implements AdapterMergerFactory<TiesOptions> {
    @Override
    public String name() {
        return "ties";
    }

    @Override
    public String description() {
        return "trim, elect a sign for each entry, mean of the adapters that agree";
    }

    @Override
    public Class<TiesOptions> optionsType() {
        return TiesOptions.class;
    }

    @Override
    public AdapterMerger create(TiesOptions options, PluginContext context) {
        return new Ties(options);
    }
}
