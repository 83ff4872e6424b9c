package org.cpet.spi.data;

import java.nio.file.Path;
import java.util.Map;
import org.cpet.spi.InputException;

/**
 * One row of a data file.
 *
 * @param line its line, counted from 1, header and blank lines included
 * @param values by field name: texts, whole numbers (Long), other numbers (Double), Booleans, nested values (List and
 *     Map); a null in the file is an empty Optional
 */
public record Row(Path file, long line, Map<String, Object> values) {
    /** A failure of this row: {@code file:line: message}. */
    public InputException problem(String message) {
        return new InputException(file + ":" + line + ": " + message);
    }
}
