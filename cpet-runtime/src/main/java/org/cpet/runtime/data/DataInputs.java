package org.cpet.runtime.data;

import java.nio.file.Path;
import java.util.Optional;
import org.cpet.spi.data.DatasetReader;

/**
 * The files of a task and how to read them.
 *
 * @param validation the dataset's own validation file
 * @param test its test file
 * @param testIsNamed whether the recipe names the test file itself, which then must have labels
 * @param validationRows rows to cut out of train; by default a tenth, at most 1,000
 */
public record DataInputs(
        DatasetReader reader,
        RowMeaning meaning,
        Path train,
        Optional<Path> validation,
        Optional<Path> test,
        boolean testIsNamed,
        Optional<Integer> maxTrainRows,
        Optional<Integer> validationRows) {}
