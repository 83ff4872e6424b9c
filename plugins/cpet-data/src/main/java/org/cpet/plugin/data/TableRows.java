package org.cpet.plugin.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.cpet.spi.InputException;
import org.cpet.spi.data.Row;
import org.jspecify.annotations.Nullable;

/** The rows of a table: its first line names the columns unless the options do. */
final class TableRows {
    private final TableOptions options;
    private final String separator;
    private final List<Row> rows = new ArrayList<>();
    private @Nullable Header header;

    /**
     * An empty table.
     *
     * @param separator in words, as {@code tabs}
     */
    TableRows(TableOptions options, String separator) {
        this.options = options;
        this.separator = separator;
    }

    /** Takes a line that is not blank. */
    void add(DataFile file, long line, List<String> cells) {
        Header known = header;
        boolean named = !options.columns().isEmpty();
        if (known == null) {
            known = Header.of(file, line, named ? options.columns() : cells, separator);
            header = known;
            if (!named) {
                return;
            }
        }
        rows.add(known.row(line, cells));
    }

    /** What was read; a table without rows is refused. */
    List<Row> rows(Path path) {
        if (rows.isEmpty()) {
            throw new InputException(path + ": no rows after the header");
        }
        return rows;
    }
}
