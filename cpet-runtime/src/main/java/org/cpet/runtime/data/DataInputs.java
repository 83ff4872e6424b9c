package org.cpet.runtime.data;

import java.nio.file.Path;
import java.util.Optional;
import org.cpet.runtime.recipe.DataSection;
import org.cpet.runtime.recipe.DataSource;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.PluginContext;
import org.cpet.spi.data.DatasetReader;

/**
 * The files of a task and how to read them.
 *
 * @param train absent when nothing is trained
 * @param validation the dataset's own validation file
 * @param test its test file
 * @param testIsNamed whether the recipe names the test file itself, which then must have labels
 * @param validationRows rows to cut out of train; by default a tenth, at most 1,000
 * @param testRows rows to cut out of train where there is no other file
 */
public record DataInputs(
        DatasetReader reader,
        RowMeaning meaning,
        Optional<Path> train,
        Optional<Path> validation,
        Optional<Path> test,
        boolean testIsNamed,
        Optional<Integer> maxTrainRows,
        Optional<Integer> validationRows,
        Optional<Integer> testRows) {
    /** The inputs of a resolved recipe. */
    public static DataInputs of(DataSection section, DataSource source, PluginContext context) {
        RowMeaning meaning = source.template()
                .map(template -> RowMeaning.of(template.create(context).fields()))
                .or(() -> section.fields()
                        .map(fields -> RowMeaning.of(fields, source.reader().name())))
                .orElseThrow(() -> new CpetException(
                        ExitCode.RECIPE,
                        "missing key 'fields' in data; allowed {text, label} or {prompt, completion}"));
        return new DataInputs(
                source.reader().create(context),
                meaning,
                source.train(),
                source.validation(),
                source.test(),
                section.test().isPresent(),
                section.max_train_rows(),
                section.validation_rows(),
                section.test_rows());
    }
}
