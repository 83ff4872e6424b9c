package org.cpet.plugin.losses;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import org.cpet.spi.loss.TaskLoss;
import org.cpet.spi.model.ModelOutput;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.tensor.Ops;

/**
 * −log softmax(logits)[label], the mean in float32 over all positions whose label is not −100. Logits [batch, classes]
 * with labels [batch], or [batch, tokens, vocabulary] with labels [batch, tokens]; position t then predicts the label at
 * t + {@link ModelOutput#labelShift()}.
 */
final class CrossEntropy implements TaskLoss {
    private final Ops ops;

    CrossEntropy(Ops ops) {
        this.ops = ops;
    }

    @Override
    public NDArray loss(ModelOutput output, TokenBatch batch) {
        NDArray logits = output.requireLogits();
        NDArray labels = batch.labels().orElseThrow(() -> new IllegalStateException("a task loss needs labels"));
        Shape shape = logits.getShape();
        if (shape.dimension() == 2) {
            return ops.crossEntropy(logits, labels, TokenBatch.IGNORED);
        }
        NDArray targets = output.labelShift() == 0 ? labels : shifted(labels, output.labelShift());
        return ops.crossEntropy(logits.reshape(-1, shape.get(2)), targets.reshape(-1), TokenBatch.IGNORED);
    }

    /** What position t predicts; the labels are moved and not the logits, which are larger by the vocabulary. */
    private static NDArray shifted(NDArray labels, int shift) {
        long rows = labels.getShape().get(0);
        long[] nothing = new long[Math.toIntExact(rows * shift)];
        Arrays.fill(nothing, TokenBatch.IGNORED);
        return labels.get(new NDIndex(":, " + shift + ":"))
                .concat(labels.getManager().create(nothing, new Shape(rows, shift)), 1);
    }
}
