package org.cpet.plugin.losses;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.cpet.spi.loss.DistillationLoss;
import org.cpet.spi.loss.OutputKind;
import org.cpet.spi.loss.TeacherOutput;
import org.cpet.spi.model.ModelOutput;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.tensor.Ops;

/**
 * L_DIST = T² Σ KL(softmax(t / T) ‖ softmax(s / T)) / n in float32 over the counted positions, teacher's logits t and
 * student's s; n is the number of these positions, or of the examples. T² keeps the gradient's size for every T.
 */
final class LogitsKl implements DistillationLoss {
    private final Ops ops;
    private final LogitsKlOptions options;

    LogitsKl(Ops ops, LogitsKlOptions options) {
        this.ops = ops;
        this.options = options;
    }

    @Override
    public Set<OutputKind> needs() {
        return Set.of(OutputKind.LOGITS);
    }

    @Override
    public double alpha() {
        return options.alpha();
    }

    @Override
    public boolean perExample() {
        return options.reduction() == Reduction.SUM_PER_EXAMPLE;
    }

    @Override
    public NDArray loss(ModelOutput student, TeacherOutput teacher, TokenBatch batch) {
        NDArray ours = student.requireLogits();
        Optional<NDArray> counted = CountedPositions.of(OutputKind.LOGITS, student, batch);
        NDArray sum = ops.custom(
                List.of(ours),
                new Divergence(ops, ours, teacher.get(OutputKind.LOGITS), counted, options.temperature()));
        long examples = ours.getShape().get(0);
        return perExample()
                ? ops.scale(sum, 1.0 / examples)
                : counted.map(mask -> sum.div(
                                mask.toType(DataType.FLOAT32, true).sum().maximum(1)))
                        .orElseGet(() -> ops.scale(
                                sum,
                                (double) ours.getShape().get(ours.getShape().dimension() - 1) / ours.size()));
    }
}
