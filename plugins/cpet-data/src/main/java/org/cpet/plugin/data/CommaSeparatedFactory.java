package org.cpet.plugin.data;

import org.cpet.spi.NoOptions;
import org.cpet.spi.PluginContext;
import org.cpet.spi.data.DatasetReader;
import org.cpet.spi.data.DatasetReaderFactory;

/** {@code csv}. */
public final class CommaSeparatedFactory implements DatasetReaderFactory<NoOptions> {
    @Override
    public String name() {
        return "csv";
    }

    @Override
    public String description() {
        return "commas between columns, a header line, quoted fields may hold line breaks";
    }

    @Override
    public Class<NoOptions> optionsType() {
        return NoOptions.class;
    }

    @Override
    public DatasetReader create(NoOptions options, PluginContext context) {
        return new CommaSeparated(context);
    }
}
