package org.cpet.plugin.data;

import java.util.List;
import org.cpet.spi.Option;

/** Options of {@code tsv} and {@code csv}. */
public record TableOptions(
        @Option(description = "column names of a file without a header line", defaultValue = "[]")
        List<String> columns) {
    public TableOptions {
        columns = List.copyOf(columns);
    }
}
