package org.cpet.plugin.data;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.cpet.spi.PluginContext;
import org.cpet.spi.data.DatasetReader;
import org.cpet.spi.data.Row;

/** RFC 4180 with a header line: fields may be quoted and then hold commas, line breaks and doubled quote marks. */
final class CommaSeparated implements DatasetReader {
    private static final CSVFormat FORMAT =
            CSVFormat.RFC4180.builder().setIgnoreEmptyLines(false).get();

    private final TableOptions options;
    private final PluginContext context;

    CommaSeparated(TableOptions options, PluginContext context) {
        this.options = options;
        this.context = context;
    }

    @Override
    public List<String> extensions() {
        return List.of("csv");
    }

    @Override
    public List<Row> read(Path path) {
        DataFile file = DataFile.read(path);
        String text = file.text(file.start(), file.end(), 1);
        BareQuotes bare = new BareQuotes(text);
        TableRows table = new TableRows(options, "commas");
        long line = 1;
        try (CSVParser parser = CSVParser.builder()
                .setReader(new StringReader(text))
                .setFormat(FORMAT)
                .get()) {
            for (CSVRecord next : parser) {
                List<String> cells = next.toList();
                boolean blank = cells.size() == 1 && cells.get(0).isEmpty();
                if (!blank) {
                    table.add(file, line, cells);
                    bare.look(line, next);
                }
                line = parser.getCurrentLineNumber() + 1;
            }
        } catch (UncheckedIOException | IOException e) {
            throw file.problem(
                    line,
                    String.valueOf(e.getMessage()).contains("EOF")
                            ? "quoted field is not closed before the end of the file"
                            : "text after the closing quote of a field");
        }
        List<Row> rows = table.rows(path);
        bare.report(path, context);
        RepeatedIds.report(path, rows, context);
        return rows;
    }
}
