package org.cpet.runtime.evaluate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.cpet.runtime.data.ClassLabels;
import org.cpet.runtime.data.Collator;
import org.cpet.runtime.data.EncodedRow;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.Ops;

/** Classification by a head: the class with the largest logit. */
final class HeadScoring implements Scoring {
    private final Ops ops;
    private final Collator collator;
    private final ClassLabels labels;

    HeadScoring(Ops ops, Collator collator, ClassLabels labels) {
        this.ops = ops;
        this.collator = collator;
        this.labels = labels;
    }

    @Override
    public List<Scored> score(TransformerModel model, List<EncodedRow> rows, ForwardMode mode) {
        float[] logits = decisive(model, rows, mode).toFloatArray();
        int classes = logits.length / rows.size();
        List<Scored> scored = new ArrayList<>(rows.size());
        for (int row = 0; row < rows.size(); row++) {
            int from = row * classes;
            List<Double> own = IntStream.range(from, from + classes)
                    .mapToObj(i -> (double) logits[i])
                    .toList();
            int expected = (int) rows.get(row).labels().get(0);
            scored.add(Scored.best(labels.names(), own, logSumExp(own) - own.get(expected)));
        }
        return scored;
    }

    @Override
    public NDArray decisive(TransformerModel model, List<EncodedRow> rows, ForwardMode mode) {
        NDArray logits = model.forward(collator.batch(rows), mode).requireLogits();
        return ops.cast(logits, DataType.FLOAT32);
    }

    private static double logSumExp(List<Double> values) {
        double largest = values.stream().mapToDouble(Double::doubleValue).max().orElse(0);
        return largest
                + Math.log(values.stream()
                        .mapToDouble(value -> Math.exp(value - largest))
                        .sum());
    }
}
