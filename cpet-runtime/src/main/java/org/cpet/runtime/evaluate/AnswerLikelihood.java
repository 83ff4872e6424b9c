package org.cpet.runtime.evaluate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.cpet.runtime.data.Collator;
import org.cpet.runtime.data.EncodedRow;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.ModelOutput;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.Ops;

/**
 * One forward pass of a language model over prompts with their answers, and what it says about the answers:
 *
 * <pre>  log p(answer) = Σ_t log softmax(logits_t)[label_(t + shift)]  over the counted labels</pre>
 *
 * with shift 1 for causal models and 0 for decoders. Only the positions from the first answer on are looked at, since
 * logits over a vocabulary are large.
 */
final class AnswerLikelihood {
    private final Ops ops;
    private final List<EncodedRow> rows;
    private final int shift;
    private final int from;
    private final NDArray logits; // [rows, positions, vocabulary], from the first answer of the batch on

    private AnswerLikelihood(Ops ops, List<EncodedRow> rows, ModelOutput output) {
        NDArray all = output.requireLogits();
        this.ops = ops;
        this.rows = rows;
        this.shift = output.labelShift();
        this.from = Math.max(
                0, rows.stream().mapToInt(EncodedRow::promptLength).min().orElse(0) - shift);
        this.logits = from == 0 ? all : all.get(new NDIndex(":, {}:", from));
    }

    static AnswerLikelihood of(
            Ops ops, Collator collator, TransformerModel model, List<EncodedRow> rows, ForwardMode mode) {
        return new AnswerLikelihood(ops, rows, model.forward(collator.batch(rows), mode));
    }

    /** log p(answer) of each row, [rows, 1], in float32. */
    NDArray sums() {
        Shape shape = logits.getShape();
        int positions = (int) shape.get(1);
        long[] ids = new long[rows.size() * positions];
        float[] counted = new float[ids.length];
        for (int row = 0; row < rows.size(); row++) {
            for (int t = 0; t < positions; t++) {
                int at = t + from + shift;
                boolean real = at < rows.get(row).labels().length();
                long label = real ? rows.get(row).labels().get(at) : TokenBatch.IGNORED;
                boolean counts = label != TokenBatch.IGNORED;
                ids[row * positions + t] = counts ? label : 0;
                counted[row * positions + t] = counts ? 1 : 0;
            }
        }
        NDArray index = logits.getManager().create(ids, new Shape(rows.size(), positions, 1));
        NDArray mask = logits.getManager().create(counted, new Shape(rows.size(), positions));
        NDArray likelihood = ops.logSoftmax(logits).gather(index, 2).squeeze(2);
        return likelihood.mul(mask).sum(new int[] {1}, true);
    }

    /** Logits of the answers' first tokens, [rows, vocabulary], in float32. */
    NDArray first() {
        Shape shape = logits.getShape();
        long positions = shape.get(1);
        long[] at = new long[rows.size()];
        for (int row = 0; row < rows.size(); row++) {
            at[row] = row * positions + Math.max(0, rows.get(row).promptLength() - shift) - from;
        }
        NDArray flat = logits.reshape(new Shape(-1, shape.get(2)));
        NDArray index = logits.getManager().create(at, new Shape(rows.size(), 1));
        return ops.cast(ops.embedding(index, flat), DataType.FLOAT32).squeeze(1);
    }
}
