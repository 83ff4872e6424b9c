package org.cpet.runtime.data;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.cpet.spi.data.DatasetReader;
import org.cpet.spi.data.Row;
import org.cpet.spi.data.TaskFields;
import org.cpet.spi.data.TaskFields.LabelWord;

/** Rows in memory, and a reader that gives them by file name. */
final class Rows implements DatasetReader {
    private final Map<Path, List<Row>> files = new LinkedHashMap<>();

    static Row row(Path file, long line, Object... keysAndValues) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            values.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return new Row(file, line, values);
    }

    /** Rows {@code text i} with labels no, yes, no, yes, ... */
    Rows with(String file, int count) {
        return with(IntStream.range(0, count)
                .mapToObj(i -> row(Path.of(file), i + 2, "text", file + " " + i, "label", i % 2 == 0 ? "no" : "yes"))
                .toList());
    }

    Rows with(List<Row> rows) {
        files.put(rows.get(0).file(), rows);
        return this;
    }

    DataInputs inputs(String train, Optional<String> validation, Optional<String> test) {
        return new DataInputs(
                this,
                RowMeaning.of(new TaskFields(
                        "rows",
                        List.of("text"),
                        "label",
                        List.of(new LabelWord("no", "negative"), new LabelWord("yes", "positive")),
                        "sentence: {0}")),
                Optional.of(Path.of(train)),
                validation.map(Path::of),
                test.map(Path::of),
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    @Override
    public List<String> extensions() {
        return List.of("rows");
    }

    @Override
    public List<Row> read(Path file) {
        return files.get(file);
    }
}
