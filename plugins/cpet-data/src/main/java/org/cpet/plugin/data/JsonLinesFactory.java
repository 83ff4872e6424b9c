package org.cpet.plugin.data;

import org.cpet.spi.NoOptions;
import org.cpet.spi.PluginContext;
import org.cpet.spi.data.DatasetReader;
import org.cpet.spi.data.DatasetReaderFactory;

/** {@code jsonl}. */
public final class JsonLinesFactory implements DatasetReaderFactory<NoOptions> {
    @Override
    public String name() {
        return "jsonl";
    }

    @Override
    public String description() {
        return "one JSON object a line";
    }

    @Override
    public Class<NoOptions> optionsType() {
        return NoOptions.class;
    }

    @Override
    public DatasetReader create(NoOptions options, PluginContext context) {
        return new JsonLines(context);
    }
}
