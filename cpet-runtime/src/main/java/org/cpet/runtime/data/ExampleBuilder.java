package org.cpet.runtime.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.cpet.spi.InputException;
import org.cpet.spi.Nearest;
import org.cpet.spi.data.Example;
import org.cpet.spi.data.Row;
import org.cpet.spi.data.TaskFields;

/** Makes examples of a file's rows; every row gives one, or the whole file is refused by file, line and reason. */
final class ExampleBuilder {
    private static final int SHOWN_COLUMNS = 12;

    private final RowMeaning meaning;
    private final Consumer<String> notices;

    ExampleBuilder(RowMeaning meaning, Consumer<String> notices) {
        this.meaning = meaning;
        this.notices = notices;
    }

    /** Whether any row has the label's field; published test files may have none. */
    boolean isLabelled(List<Row> rows) {
        return rows.stream().anyMatch(row -> row.values().containsKey(fields().label()));
    }

    /**
     * The examples in file order.
     *
     * @param labels the classes allowed; without them every label is taken
     */
    List<Example> build(List<Row> rows, Optional<ClassLabels> labels) {
        fields().texts().forEach(field -> requireColumn(rows, field));
        requireColumn(rows, fields().label());
        LabelField label = new LabelField(fields().label(), meaning.classes(), labels);
        BlankTexts blanks = new BlankTexts();
        List<Example> examples = new ArrayList<>(rows.size());
        for (Row row : rows) {
            List<String> texts = new ArrayList<>(fields().texts().size());
            for (String field : fields().texts()) {
                texts.add(text(row, field, blanks));
            }
            examples.add(new Example(row.file(), row.line(), texts, label.of(row)));
        }
        blanks.report(notices);
        return examples;
    }

    private TaskFields fields() {
        return meaning.fields();
    }

    /** A column that no row has is missing in the header, or misspelt in the recipe: said once, for the file. */
    private static void requireColumn(List<Row> rows, String field) {
        if (rows.stream().anyMatch(row -> row.values().containsKey(field))) {
            return;
        }
        TreeSet<String> present = rows.stream()
                .limit(100)
                .flatMap(row -> row.values().keySet().stream())
                .collect(Collectors.toCollection(TreeSet::new));
        String found =
                present.stream().limit(SHOWN_COLUMNS).map(FieldValues::quoted).collect(Collectors.joining(", "));
        throw new InputException(rows.get(0).file() + ":1: no field " + FieldValues.quoted(field) + "; found " + found
                + Nearest.hint(field, present));
    }

    private static String text(Row row, String field, BlankTexts blanks) {
        String text = FieldValues.text(row, field);
        if (text.isEmpty()) {
            throw row.problem("field " + FieldValues.quoted(field) + " is empty; allowed text");
        }
        if (text.isBlank()) {
            blanks.add(row, field);
        }
        return text;
    }

    /** Texts of white space alone: readable, but seldom meant. */
    private static final class BlankTexts {
        private final List<String> places = new ArrayList<>();

        void add(Row row, String field) {
            places.add(row.file() + ":" + row.line() + ": field " + FieldValues.quoted(field) + " is blank");
        }

        void report(Consumer<String> notices) {
            if (!places.isEmpty()) {
                String more = places.size() == 1 ? "" : "; " + (places.size() - 1) + " more texts are";
                notices.accept(places.get(0) + more);
            }
        }
    }
}
