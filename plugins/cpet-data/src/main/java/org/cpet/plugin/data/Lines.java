package org.cpet.plugin.data;

import java.nio.file.Path;

/**
 * The lines of a data file: ended by LF or CRLF and by nothing else, so that a line separator inside a JSON string
 * ends no row.
 */
final class Lines {
    /** The longest line that is read, in bytes. */
    static final int LIMIT = 1 << 20;

    private Lines() {}

    /** Takes one line, without its end. */
    interface Visitor {
        void line(DataFile file, long number, String text);
    }

    /** Visits every line in order. */
    static void visit(Path path, Visitor visitor) {
        DataFile file = DataFile.read(path);
        int from = file.start();
        for (long number = 1; from < file.end(); number++) {
            int end = file.endOfLine(from);
            int textEnd = end > from && file.isAfterReturn(end) ? end - 1 : end;
            if (textEnd - from > LIMIT) {
                throw file.problem(number, "line too long; found " + (textEnd - from) + " bytes; allowed " + LIMIT);
            }
            String text = file.text(from, textEnd, number);
            if (text.indexOf('\r') >= 0) {
                throw file.problem(number, "carriage return without line feed; allowed lines ended by LF or CRLF");
            }
            visitor.line(file, number, text);
            from = end + 1;
        }
    }
}
