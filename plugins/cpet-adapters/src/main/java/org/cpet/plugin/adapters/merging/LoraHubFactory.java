package org.cpet.plugin.adapters.merging;

import org.cpet.spi.PluginContext;
import org.cpet.spi.adapter.AdapterMerger;
import org.cpet.spi.adapter.AdapterMergerFactory;

/** {@code lorahub}. */
public final class LoraHubFactory implements AdapterMergerFactory<LoraHubOptions> {
    @Override
    public String name() {
        return "lorahub";
    }

    @Override
    public String description() {
        return "a weighted sum whose weights a gradient-free search finds on a few examples";
    }

    @Override
    public Class<LoraHubOptions> optionsType() {
        return LoraHubOptions.class;
    }

    @Override
    public AdapterMerger create(LoraHubOptions options, PluginContext context) {
        return new LoraHub(options, context);
    }
}
