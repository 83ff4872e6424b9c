package org.cpet.runtime.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.cpet.spi.InputException;
import org.cpet.spi.data.Example;
import org.cpet.spi.data.Row;

/**
 * A task's rows, split.
 *
 * @param labels the classes, absent for free text
 * @param validation chooses the best epoch; never trained on, never in the table
 * @param test what the table is measured on
 */
public record TaskData(
        RowMeaning meaning,
        Optional<ClassLabels> labels,
        List<Example> train,
        List<Example> validation,
        List<Example> test) {
    public TaskData {
        train = List.copyOf(train);
        validation = List.copyOf(validation);
        test = List.copyOf(test);
    }

    /**
     * Reads and splits.
     *
     * <ul>
     *   <li>Train, validation and test files: each is what its name says.
     *   <li>One of validation and test: that file is the test set, and rows for choosing the best epoch are cut out of
     *       train (the paper's protocol).
     *   <li>Neither: {@code test_rows} of train are the test set, and the rows for choosing come out of the rest.
     * </ul>
     *
     * A limit on training rows takes a sample. Cut and sample are drawn by {@code seed} and keep the file's order.
     *
     * @param notices told what must not pass in silence
     */
    public static TaskData load(DataInputs inputs, long seed, Consumer<String> notices) {
        ExampleBuilder builder = new ExampleBuilder(inputs.meaning(), notices);
        Optional<ClassLabels> declared = declared(inputs.meaning());
        Optional<List<Example>> all =
                inputs.train().map(file -> builder.build(inputs.reader().read(file), declared));
        Optional<ClassLabels> labels = declared.or(() -> all.flatMap(rows -> derived(inputs.meaning(), rows, notices)));
        Optional<List<Example>> validation =
                inputs.validation().map(file -> builder.build(inputs.reader().read(file), labels));
        Optional<List<Example>> test = inputs.test().flatMap(file -> test(inputs, file, builder, labels, notices));
        Optional<List<Example>> measured = test.or(() -> validation);
        requireRows(inputs, measured.isPresent(), notices);
        if (all.isEmpty()) {
            return new TaskData(
                    inputs.meaning(),
                    labels.or(() -> derived(inputs.meaning(), measured.orElseThrow(), notices)),
                    List.of(),
                    test.isPresent() ? validation.orElse(List.of()) : List.of(),
                    measured.orElseThrow());
        }
        Optional<List<Example>> own = test.isPresent() ? validation : Optional.empty();
        if (own.isPresent() && inputs.validationRows().isPresent()) {
            notices.accept("data.validation_rows changes nothing: "
                    + inputs.validation().orElseThrow() + " chooses the best epoch and "
                    + inputs.test().orElseThrow() + " is measured on");
        }
        Split split = Split.of(all.get().size(), inputs, own.isPresent(), measured.isPresent(), seed);
        return new TaskData(
                inputs.meaning(),
                labels,
                at(split.train(), all.get()),
                own.orElseGet(() -> at(split.validation(), all.get())),
                measured.orElseGet(() -> at(split.test(), all.get())));
    }

    private static void requireRows(DataInputs inputs, boolean own, Consumer<String> notices) {
        boolean cut = inputs.testRows().isPresent();
        if (!own && (!cut || inputs.train().isEmpty())) {
            throw new InputException("no rows to measure on; found "
                    + inputs.train().map(file -> file + " alone").orElse("no file")
                    + "; allowed a validation or test file beside it, or data.test_rows to be cut out of it");
        }
        if (own && cut) {
            notices.accept("data.test_rows changes nothing: "
                    + inputs.test().or(inputs::validation).orElseThrow() + " is measured on");
        }
    }

    /** Reads rows that a finished model has never seen. */
    public static List<Example> read(
            DataInputs inputs, Path file, Optional<ClassLabels> labels, Consumer<String> notices) {
        return new ExampleBuilder(inputs.meaning(), notices)
                .build(inputs.reader().read(file), labels);
    }

    private static Optional<ClassLabels> declared(RowMeaning meaning) {
        return Optional.of(new ClassLabels(meaning.fields().labels())).filter(labels -> labels.size() > 0);
    }

    private static Optional<ClassLabels> derived(RowMeaning meaning, List<Example> rows, Consumer<String> notices) {
        return meaning.classes()
                ? Optional.of(ClassLabels.of(rows, meaning.fields().label(), notices))
                : Optional.empty();
    }

    private static List<Example> at(List<Integer> rows, List<Example> all) {
        return rows.stream().map(all::get).toList();
    }

    /** GLUE publishes test files without labels: such a file is passed over when there is another to measure on. */
    private static Optional<List<Example>> test(
            DataInputs inputs,
            Path file,
            ExampleBuilder builder,
            Optional<ClassLabels> labels,
            Consumer<String> notices) {
        List<Row> rows = inputs.reader().read(file);
        if (!builder.isLabelled(rows)
                && !inputs.testIsNamed()
                && inputs.validation().isPresent()) {
            notices.accept(file + ": no field '" + inputs.meaning().fields().label() + "'; measuring on "
                    + inputs.validation().orElseThrow() + " instead");
            return Optional.empty();
        }
        return Optional.of(builder.build(rows, labels));
    }
}
