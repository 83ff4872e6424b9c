package org.cpet.plugin.losses;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.types.DataType;
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
        NDArray ours = ops.cast(kind.of(student), DataType.FLOAT32);
        NDArray difference = ours.sub(ops.cast(teacher.get(kind), DataType.FLOAT32));
        Optional<NDArray> counted = CountedPositions.of(kind, student, batch);
        // padding is undefined, NaN included, and NaN · 0 is NaN: so it is replaced before squaring, not multiplied
        // away
        NDArray squares = counted.map(mask -> NDArrays.where(
                        mask.expandDims(2).broadcast(difference.getShape()), difference, difference.zerosLike()))
                .orElse(difference)
                .square();
        if (options.reduction() == Reduction.SUM_PER_EXAMPLE) {
            return squares.sum().div(ours.getShape().get(0));
        }
        long features = ours.getShape().get(ours.getShape().dimension() - 1);
        return counted.map(mask -> squares.sum().div(elements(mask, features))).orElseGet(squares::mean);
    }

    /** Counted positions × features on the device, at least 1 so that a batch without any gives 0. */
    private static NDArray elements(NDArray mask, long features) {
        return mask.toType(DataType.FLOAT32, true).sum().mul(features).maximum(1);
    }
}
