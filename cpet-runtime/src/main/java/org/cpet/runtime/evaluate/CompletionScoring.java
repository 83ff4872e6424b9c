package org.cpet.runtime.evaluate;

import ai.djl.ndarray.NDArray;
import com.google.common.primitives.ImmutableLongArray;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.cpet.runtime.data.Collator;
import org.cpet.runtime.data.EncodedRow;
import org.cpet.runtime.data.ExampleEncoder;
import org.cpet.runtime.generate.Generation;
import org.cpet.runtime.generate.TokenChoice;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.GenerativeModel;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.Ops;

/** Free text: the loss of the expected completion, and the one that the model writes itself, greedily. */
final class CompletionScoring implements Scoring {
    private final Ops ops;
    private final Collator collator;
    private final ExampleEncoder encoder;

    CompletionScoring(Ops ops, Collator collator, ExampleEncoder encoder) {
        this.ops = ops;
        this.collator = collator;
        this.encoder = encoder;
    }

    @Override
    public List<Scored> score(TransformerModel model, List<EncodedRow> rows, ForwardMode mode) {
        float[] sums =
                AnswerLikelihood.of(ops, collator, model, rows, mode).sums().toFloatArray();
        List<String> written = model instanceof GenerativeModel writer ? written(writer, rows, mode) : List.of();
        List<Scored> scored = new ArrayList<>(rows.size());
        for (int row = 0; row < rows.size(); row++) {
            scored.add(
                    written.isEmpty()
                            ? new Scored("", false, List.of(), -sums[row])
                            : new Scored(written.get(row), true, List.of(), -sums[row]));
        }
        return scored;
    }

    /** One token more than the longest expected answer: enough to see that a text goes on where it should end. */
    private List<String> written(GenerativeModel model, List<EncodedRow> rows, ForwardMode mode) {
        int longest = rows.stream().mapToInt(row -> row.answer().length()).max().orElse(0);
        Generation generation = new Generation(TokenChoice.GREEDY, longest + 1, encoder.ends());
        TokenBatch prompts =
                collator.prompts(rows.stream().map(EncodedRow::prompt).toList());
        List<ImmutableLongArray> answers = generation.run(model, ops, prompts, mode, new SplittableRandom(0));
        return answers.stream().map(encoder::text).toList();
    }

    @Override
    public NDArray decisive(TransformerModel model, List<EncodedRow> rows, ForwardMode mode) {
        return AnswerLikelihood.of(ops, collator, model, rows, mode).first();
    }
}
