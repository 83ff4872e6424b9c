package org.cpet.runtime.plan;

import com.google.common.primitives.ImmutableIntArray;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.cpet.runtime.data.BatchPlan;
import org.cpet.runtime.data.EncodedData;
import org.cpet.runtime.data.EncodedRow;
import org.cpet.runtime.data.ExampleEncoder;
import org.cpet.runtime.data.PlainText;
import org.cpet.runtime.data.TaskData;
import org.cpet.runtime.memory.BatchShape;
import org.cpet.runtime.model.ModelDirectory;
import org.cpet.runtime.recipe.ResolvedRecipe;
import org.cpet.runtime.text.SpecialTokens;
import org.cpet.runtime.text.Tokenizer;
import org.cpet.spi.model.ModelTask;

/**
 * The training rows as the model will read them.
 *
 * @param lengths tokens of each row
 * @param targets that a decoder reads of each row; zeros where the model has none
 */
record PlannedRows(ImmutableIntArray lengths, ImmutableIntArray targets, long seed) {
    /** Tokenizes the rows. */
    static PlannedRows of(ResolvedRecipe recipe, ModelDirectory directory, TaskData data, Consumer<String> notices) {
        ModelTask task = ModelTask.valueOf(recipe.model().task().name());
        int maxLength = recipe.data().orElseThrow().max_length();
        try (Tokenizer tokenizer = Tokenizer.load(directory.tokenizer())) {
            SpecialTokens special = SpecialTokens.of(directory.config(), tokenizer);
            ExampleEncoder encoder = ExampleEncoder.of(task, tokenizer, special, data, maxLength);
            List<EncodedRow> rows = EncodedData.of("train", data.train(), encoder, maxLength, notices)
                    .rows();
            return of(rows, task, recipe.seed());
        }
    }

    /** The same of a plain text. */
    static PlannedRows ofText(ResolvedRecipe recipe, ModelDirectory directory, Path text, int maxLength) {
        ModelTask task = ModelTask.valueOf(recipe.model().task().name());
        try (Tokenizer tokenizer = Tokenizer.load(directory.tokenizer())) {
            SpecialTokens special = SpecialTokens.of(directory.config(), tokenizer);
            return of(new PlainText(tokenizer, special, task, maxLength).rows(text), task, recipe.seed());
        }
    }

    private static PlannedRows of(List<EncodedRow> rows, ModelTask task, long seed) {
        return new PlannedRows(
                ImmutableIntArray.copyOf(rows.stream().mapToInt(EncodedRow::length)),
                ImmutableIntArray.copyOf(rows.stream()
                        .mapToInt(row ->
                                task == ModelTask.SEQ2SEQ_LM ? row.labels().length() : 0)),
                seed);
    }

    int size() {
        return lengths.length();
    }

    /** The largest micro-batch that a size of batches can lead to. */
    BatchShape largest(int batchSize) {
        return new BatchShape(Math.min(batchSize, size()), largest(lengths), largest(targets));
    }

    /** All tokens that a row's positions of some kind add up to. */
    long positions(boolean decoder) {
        return (decoder ? targets : lengths).stream().asLongStream().sum();
    }

    /** Padding's share of all positions that the first epoch computes. */
    double padding(int batchSize) {
        return new BatchPlan(lengths.toArray(), batchSize, seed).padding(0);
    }

    private static long largest(ImmutableIntArray numbers) {
        return numbers.stream().max().orElse(0);
    }
}
