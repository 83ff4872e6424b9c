package org.cpet.runtime.evaluate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import com.google.common.primitives.ImmutableLongArray;
import java.util.ArrayList;
import java.util.List;
import org.cpet.runtime.data.ClassLabels;
import org.cpet.runtime.data.Collator;
import org.cpet.runtime.data.EncodedRow;
import org.cpet.runtime.data.ExampleEncoder;
import org.cpet.spi.InputException;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.Ops;

/**
 * Classification by a language model: the class whose word is likeliest after the prompt. Words that differ in their
 * first token and end after it are compared by that token in one pass; others by log p of all their tokens, the end
 * included, in one pass each.
 */
final class WordScoring implements Scoring {
    private final Ops ops;
    private final Collator collator;
    private final ClassLabels labels;
    private final List<ImmutableLongArray> words;
    private final boolean singleTokens;

    WordScoring(Ops ops, Collator collator, ClassLabels labels, ExampleEncoder encoder) {
        this.ops = ops;
        this.collator = collator;
        this.labels = labels;
        this.words = labels.words().stream().map(encoder::word).toList();
        requireDifferent(labels, words);
        long firsts = words.stream().map(word -> word.get(0)).distinct().count();
        int end = encoder.word("").length();
        this.singleTokens = firsts == words.size() && words.stream().allMatch(word -> word.length() == 1 + end);
    }

    /** Words of the same tokens would score the same in every row. */
    private static void requireDifferent(ClassLabels labels, List<ImmutableLongArray> words) {
        for (int second = 1; second < words.size(); second++) {
            int first = words.indexOf(words.get(second));
            if (first < second) {
                throw new InputException("label words; found " + labels.words().get(first) + " and "
                        + labels.words().get(second)
                        + ", which the model's tokenizer reads as the same tokens; allowed words that it tells apart");
            }
        }
    }

    @Override
    public List<Scored> score(TransformerModel model, List<EncodedRow> rows, ForwardMode mode) {
        NDArray table = singleTokens ? byFirstToken(model, rows, mode) : byAllTokens(model, rows, mode);
        float[] values = table.toFloatArray();
        int columns = words.size() + 1;
        List<Scored> scored = new ArrayList<>(rows.size());
        for (int row = 0; row < rows.size(); row++) {
            int from = row * columns;
            List<Double> scores = new ArrayList<>(words.size());
            for (int k = 0; k < words.size(); k++) {
                scores.add((double) values[from + k]);
            }
            scored.add(Scored.best(labels.names(), scores, -values[from + words.size()]));
        }
        return scored;
    }

    @Override
    public NDArray decisive(TransformerModel model, List<EncodedRow> rows, ForwardMode mode) {
        return AnswerLikelihood.of(ops, collator, model, rows, mode).first();
    }

    /** [rows, words + 1]: log p of each word's token, then of the row's own answer. */
    private NDArray byFirstToken(TransformerModel model, List<EncodedRow> rows, ForwardMode mode) {
        AnswerLikelihood answers = AnswerLikelihood.of(ops, collator, model, rows, mode);
        NDArray first = ops.logSoftmax(answers.first());
        long[] tokens = words.stream().mapToLong(word -> word.get(0)).toArray();
        NDArray index = first.getManager().create(tokens).reshape(1, tokens.length);
        NDArray repeated = index.broadcast(new Shape(rows.size(), tokens.length));
        return first.gather(repeated, 1).concat(answers.sums(), 1);
    }

    /** The same with log p of all tokens of a word. */
    private NDArray byAllTokens(TransformerModel model, List<EncodedRow> rows, ForwardMode mode) {
        NDArray table = AnswerLikelihood.of(ops, collator, model, rows, mode).sums();
        for (int k = words.size() - 1; k >= 0; k--) {
            ImmutableLongArray word = words.get(k);
            List<EncodedRow> answered =
                    rows.stream().map(row -> row.answering(word)).toList();
            table = AnswerLikelihood.of(ops, collator, model, answered, mode)
                    .sums()
                    .concat(table, 1);
        }
        return table;
    }
}
