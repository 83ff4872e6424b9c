package org.cpet.plugin.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.cpet.spi.InputException;
import org.cpet.spi.PluginContext;
import org.cpet.spi.data.DatasetReader;
import org.cpet.spi.data.Row;

/** GLUE's format: a header line, tabs between columns, a quote mark is an ordinary character, cells are not trimmed. */
final class TabSeparated implements DatasetReader {
    private final PluginContext context;

    TabSeparated(PluginContext context) {
        this.context = context;
    }

    @Override
    public List<String> extensions() {
        return List.of("tsv");
    }

    @Override
    public List<Row> read(Path path) {
        List<Row> rows = new ArrayList<>();
        List<Header> header = new ArrayList<>(1);
        Lines.visit(path, (file, number, text) -> {
            if (text.isEmpty()) {
                return;
            }
            List<String> cells = List.of(text.split("\t", -1));
            if (header.isEmpty()) {
                header.add(Header.of(file, number, cells, "tabs"));
            } else {
                rows.add(header.get(0).row(number, cells));
            }
        });
        if (rows.isEmpty()) {
            throw new InputException(path + ": no rows after the header");
        }
        RepeatedIds.report(path, rows, context);
        return rows;
    }
}
