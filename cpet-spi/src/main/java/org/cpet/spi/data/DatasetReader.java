package org.cpet.spi.data;

import java.nio.file.Path;
import java.util.List;

/** Reads the rows of a file format. */
public interface DatasetReader {
    /** File name endings it reads, without a dot. */
    List<String> extensions();

    /**
     * All rows in file order; never fewer than the file holds.
     *
     * @throws org.cpet.spi.InputException naming file, line and reason
     */
    List<Row> read(Path file);
}
