package org.cpet.plugin.data;

import java.nio.file.Path;
import org.apache.commons.csv.CSVRecord;
import org.cpet.spi.PluginContext;

/** Notices quote marks inside unquoted fields, which are kept as they stand but are often a mistake of the writer. */
final class BareQuotes {
    private final String text;
    private long count;
    private long firstLine;

    BareQuotes(String text) {
        this.text = text;
    }

    void look(long line, CSVRecord read) {
        for (String cell : read) {
            // inside quotes every quote mark is doubled, so there the cell's own text does not stand in the file
            if (cell.indexOf('"') >= 0 && asWritten(read).contains(cell)) {
                firstLine = count == 0 ? line : firstLine;
                count++;
            }
        }
    }

    private String asWritten(CSVRecord read) {
        int from = Math.toIntExact(read.getCharacterPosition());
        int longest = read.stream().mapToInt(cell -> 2 * cell.length() + 3).sum();
        return text.substring(from, Math.min(text.length(), from + longest));
    }

    void report(Path path, PluginContext context) {
        if (count > 0) {
            context.notice(path + ":" + firstLine + ": quote mark inside an unquoted field, kept as it is; " + count
                    + " such fields");
        }
    }
}
