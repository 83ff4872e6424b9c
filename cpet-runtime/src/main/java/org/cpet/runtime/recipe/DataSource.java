package org.cpet.runtime.recipe;

import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.cpet.spi.data.DatasetReader;
import org.cpet.spi.data.TaskTemplate;

/**
 * Where rows come from: the files and what reads them.
 *
 * @param reader of the files' format
 * @param template when the dataset names one; else the recipe's {@code data.fields} say what the columns are
 * @param validation {@code dev.*}, {@code validation.*} or {@code val.*}
 */
public record DataSource(
        Configured<DatasetReader> reader,
        Optional<Configured<TaskTemplate>> template,
        Optional<Path> train,
        Optional<Path> validation,
        Optional<Path> test) {
    /** The files there are, in the order train, validation, test. */
    public Stream<Path> files() {
        return Stream.of(train, validation, test).flatMap(Optional::stream);
    }
}
