package org.cpet.plugin.data;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cpet.spi.data.Row;

/** The column names of a table, which every row must match in number. */
record Header(DataFile file, List<String> columns) {
    /**
     * Checks the first line.
     *
     * @param separator in words, as {@code tabs}
     */
    static Header of(DataFile file, long line, List<String> columns, String separator) {
        if (columns.size() == 1) {
            throw file.problem(
                    line,
                    "one column; found " + Shown.list(columns) + "; allowed columns separated by " + separator
                            + guess(columns.get(0)));
        }
        Set<String> seen = new HashSet<>();
        for (String column : columns) {
            if (column.isBlank() || !column.equals(column.strip())) {
                throw file.problem(line, "column name with spaces around it or empty; found " + Shown.list(columns));
            }
            if (!seen.add(column)) {
                throw file.problem(line, "column " + Shown.quoted(column) + " appears twice");
            }
        }
        return new Header(file, List.copyOf(columns));
    }

    /** A row by column name. */
    Row row(long line, List<String> cells) {
        if (cells.size() != columns.size()) {
            throw file.problem(line, "found " + cells.size() + " columns; the header has " + columns.size());
        }
        Map<String, Object> values = new LinkedHashMap<>();
        for (int i = 0; i < cells.size(); i++) {
            values.put(columns.get(i), cells.get(i));
        }
        return new Row(file.path(), line, values);
    }

    private static String guess(String only) {
        if (only.indexOf(',') >= 0) {
            return "; is the file comma separated?";
        }
        if (only.indexOf(';') >= 0) {
            return "; is the file semicolon separated?";
        }
        return only.indexOf('\t') >= 0 ? "; is the file tab separated?" : "";
    }
}
