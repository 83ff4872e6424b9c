package org.cpet.runtime.recipe;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.cpet.spi.Option;
import org.cpet.spi.Options;

/** Which rows. Either {@code path} or the files themselves. */
public record DataSection(
        @Option(description = "a file format (jsonl, tsv, csv) or a template such as glue/sst2")
        String dataset,

        @Option(description = "directory with train.*, dev.* or validation.* or val.*, test.*")
        Optional<Path> path,

        @Option(description = "file with the training rows") Optional<Path> train,

        @Option(description = "file with the validation rows")
        Optional<Path> validation,

        @Option(description = "file with the test rows") Optional<Path> test,

        @Option(description = "field names; templates know theirs")
        Optional<FieldNames> fields,

        @Option(description = "longest text in tokens, special tokens included", defaultValue = "128", min = 1)
        int max_length,

        @Option(description = "at most so many training rows; all without it", min = 1)
        Optional<Integer> max_train_rows,

        @Option(
                description = "rows cut out of train to choose the best epoch; a tenth, at most 1,000, without it",
                min = 1)
        Optional<Integer> validation_rows,

        @Option(
                description = "rows cut out of train to measure on, for a dataset without validation and test files",
                min = 1)
        Optional<Integer> test_rows) {
    public DataSection {
        boolean files = train.isPresent() || validation.isPresent() || test.isPresent();
        Options.check(
                path.isPresent() != files, "data needs either 'path' or files in 'train', 'validation' and 'test'");
    }

    /** {@code {text: A or [A, B], label: L}} or {@code {prompt: P, completion: C}}. */
    public record FieldNames(
            @Option(description = "one or two fields with text")
            Optional<List<String>> text,

            @Option(description = "field with the label") Optional<String> label,

            @Option(description = "field with what a language model reads")
            Optional<String> prompt,

            @Option(description = "field with what it answers")
            Optional<String> completion) {
        public FieldNames {
            text = text.map(List::copyOf);
            boolean classified = text.isPresent() && label.isPresent() && prompt.isEmpty() && completion.isEmpty();
            boolean completed = prompt.isPresent() && completion.isPresent() && text.isEmpty() && label.isEmpty();
            Options.check(
                    classified || completed,
                    "data.fields needs either 'text' and 'label', or 'prompt' and 'completion'");
            Options.check(
                    text.isEmpty() || text.get().size() == 1 || text.get().size() == 2,
                    "data.fields.text needs one or two fields; found %s",
                    text.map(List::size).orElse(0));
        }
    }
}
