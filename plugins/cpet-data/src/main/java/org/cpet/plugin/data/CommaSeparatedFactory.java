package org.cpet.plugin.data;

import org.cpet.spi.PluginContext;
import org.cpet.spi.data.DatasetReader;
import org.cpet.spi.data.DatasetReaderFactory;

/** {@code csv}. */
public final class CommaSeparatedFactory implements DatasetReaderFactory<TableOptions> {
    @Override
    public String name() {
        return "csv";
    }

    @Override
    public String description() {
        return "commas between columns, a header line, quoted fields may hold line breaks";
    }

    @Override
    public Class<TableOptions> optionsType() {
        return TableOptions.class;
    }

    @Override
    public DatasetReader create(TableOptions options, PluginContext context) {
        return new CommaSeparated(options, context);
    }
}
