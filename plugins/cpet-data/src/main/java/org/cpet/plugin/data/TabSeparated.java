package org.cpet.plugin.data;

import java.nio.file.Path;
import java.util.List;
import org.cpet.spi.PluginContext;
import org.cpet.spi.data.DatasetReader;
import org.cpet.spi.data.Row;

/** GLUE's format: a header line, tabs between columns, a quote mark is an ordinary character, cells are not trimmed. */
final class TabSeparated implements DatasetReader {
    private final TableOptions options;
    private final PluginContext context;

    TabSeparated(TableOptions options, PluginContext context) {
        this.options = options;
        this.context = context;
    }

    @Override
    public List<String> extensions() {
        return List.of("tsv");
    }

    @Override
    public List<Row> read(Path path) {
        TableRows table = new TableRows(options, "tabs");
        Lines.visit(path, (file, number, text) -> {
            if (!text.isEmpty()) {
                table.add(file, number, List.of(text.split("\t", -1)));
            }
        });
        List<Row> rows = table.rows(path);
        RepeatedIds.report(path, rows, context);
        return rows;
    }
}
