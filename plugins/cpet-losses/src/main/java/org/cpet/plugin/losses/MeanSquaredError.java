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
 * L_DIST = Σ ‖student − teacher‖² / n in float32 over the counted positions of one kind of output (paper, Eq. 5); n is
 * counted positions × features, or the number of examples.
 */
final class MeanSquaredError implements DistillationLoss {
    private final Ops ops;
    private final OutputKind kind;
    private final MeanSquaredErrorOptions options;

    MeanSquaredError(Ops ops, OutputKind kind, MeanSquaredErrorOptions options) {
        this.ops = ops;
        this.kind = kind;
        this.options = options;
    }

    @Override
    public Set<OutputKind> needs() {
        return Set.of(kind);
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
        NDArray ours = kind.of(student);
        Optional<NDArray> counted = CountedPositions.of(kind, student, batch);
        NDArray sum = ops.custom(List.of(ours), new SquaredDistance(ops, ours, teacher.get(kind), counted));
        if (options.reduction() == Reduction.SUM_PER_EXAMPLE) {
            return ops.scale(sum, 1.0 / ours.getShape().get(0));
        }
        long features = ours.getShape().get(ours.getShape().dimension() - 1);
        return counted.map(mask -> sum.div(elements(mask, features)))
                .orElseGet(() -> ops.scale(sum, 1.0 / ours.size()));
    }

    /** Counted positions × features on the device, at least 1 so that a batch without any gives 0. */
    private static NDArray elements(NDArray mask, long features) {
        return mask.toType(DataType.FLOAT32, true).sum().mul(features).maximum(1);
    }
}
