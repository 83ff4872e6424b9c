package org.cpet.plugin.adapters.compeft;

import org.cpet.spi.PluginContext;
import org.cpet.spi.adapter.AdapterCodec;
import org.cpet.spi.adapter.AdapterCodecFactory;

/** {@code compeft}. */
public final class CompeftFactory implements AdapterCodecFactory<CompeftOptions> {
    @Override
    public String name() {
        return "compeft";
    }

    @Override
    public String description() {
        return "keeps the signs of the largest entries and one scale, 8 to 50 times smaller than 16 bits";
    }

    @Override
    public Class<CompeftOptions> optionsType() {
        return CompeftOptions.class;
    }

    @Override
    public AdapterCodec create(CompeftOptions options, PluginContext context) {
        return new Compeft(options, context);
    }
}
