package org.cpet.runtime.data;

import java.util.List;
import java.util.function.Consumer;
import org.cpet.spi.InputException;
import org.cpet.spi.data.Example;

/** Examples with their ids, in one order. */
public record EncodedData(List<Example> examples, List<EncodedRow> rows) {
    public EncodedData {
        examples = List.copyOf(examples);
        rows = List.copyOf(rows);
    }

    /**
     * Tokenizes; says how many examples lost tokens.
     *
     * @param what the rows are, for that message: {@code train}, {@code validation}, {@code test}
     */
    public static EncodedData of(
            String what, List<Example> examples, ExampleEncoder encoder, int maxLength, Consumer<String> notices) {
        List<EncodedRow> rows = encoder.encode(examples);
        requireTokens(examples, rows);
        long cut = rows.stream().filter(row -> row.cut() > 0).count();
        if (cut > 0) {
            long lost = rows.stream().mapToLong(EncodedRow::cut).sum();
            notices.accept(what + ": " + cut + " of " + rows.size() + " rows were cut to max_length " + maxLength + "; "
                    + lost + " tokens are not read");
        }
        return new EncodedData(examples, rows);
    }

    private static void requireTokens(List<Example> examples, List<EncodedRow> rows) {
        for (int i = 0; i < rows.size(); i++) {
            if (rows.get(i).inputIds().isEmpty()) {
                Example example = examples.get(i);
                throw new InputException(example.file() + ":" + example.line() + ": text without a token; found "
                        + example.texts() + "; allowed text that the tokenizer reads");
            }
        }
    }

    /** How many. */
    public int size() {
        return rows.size();
    }
}
