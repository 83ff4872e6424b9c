package org.cpet.plugin.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.cpet.spi.InputException;
import org.cpet.spi.PluginContext;
import org.cpet.spi.data.DatasetReader;
import org.cpet.spi.data.Row;

/** One JSON object a line, in UTF-8; blank lines are skipped, fields nobody asks for are kept and ignored. */
final class JsonLines implements DatasetReader {
    private final PluginContext context;

    JsonLines(PluginContext context) {
        this.context = context;
    }

    @Override
    public List<String> extensions() {
        return List.of("jsonl");
    }

    @Override
    public List<Row> read(Path path) {
        List<Row> rows = new ArrayList<>();
        Lines.visit(path, (file, number, text) -> {
            if (!text.isBlank()) {
                rows.add(new Row(path, number, JsonLine.parse(file, number, text)));
            }
        });
        if (rows.isEmpty()) {
            throw new InputException(path + ": no rows; found blank lines alone");
        }
        RepeatedIds.report(path, rows, context);
        return rows;
    }
}
