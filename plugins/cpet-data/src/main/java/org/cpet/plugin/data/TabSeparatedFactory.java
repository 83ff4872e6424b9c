package org.cpet.plugin.data;

import org.cpet.spi.PluginContext;
import org.cpet.spi.data.DatasetReader;
import org.cpet.spi.data.DatasetReaderFactory;

/** {@code tsv}. */
public final class TabSeparatedFactory implements DatasetReaderFactory<TableOptions> {
    @Override
    public String name() {
        return "tsv";
    }

    @Override
    public String description() {
        return "tabs between columns, a header line, no quoting (as GLUE)";
    }

    @Override
    public Class<TableOptions> optionsType() {
        return TableOptions.class;
    }

    @Override
    public DatasetReader create(TableOptions options, PluginContext context) {
        return new TabSeparated(options, context);
    }
}
