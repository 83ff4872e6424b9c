package org.cpet.runtime.evaluate;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import org.cpet.runtime.data.Collator;
import org.cpet.runtime.data.EncodedRow;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.Ops;

/** Free text: the loss of the expected completion. */
final class CompletionScoring implements Scoring {
    private final Ops ops;
    private final Collator collator;

    CompletionScoring(Ops ops, Collator collator) {
        this.ops = ops;
        this.collator = collator;
    }

    @Override
    public List<Scored> score(TransformerModel model, List<EncodedRow> rows, ForwardMode mode) {
        float[] sums =
                AnswerLikelihood.of(ops, collator, model, rows, mode).sums().toFloatArray();
        List<Scored> scored = new ArrayList<>(rows.size());
        for (float sum : sums) {
            scored.add(new Scored("", List.of(), -sum));
        }
        return scored;
    }

    @Override
    public NDArray decisive(TransformerModel model, List<EncodedRow> rows, ForwardMode mode) {
        return AnswerLikelihood.of(ops, collator, model, rows, mode).first();
    }
}
