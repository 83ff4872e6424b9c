package org.cpet.plugin.example;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Set;
import org.cpet.spi.PluginContext;
import org.cpet.spi.loss.DistillationLoss;
import org.cpet.spi.loss.OutputKind;
import org.cpet.spi.loss.TeacherOutput;
import org.cpet.spi.model.ModelOutput;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.tensor.Ops;

/** L_DIST = mean |student − teacher| of the logits over the positions that count. */
final class LogitsL1 implements DistillationLoss {
    private final LogitsL1Options options;
    private final PluginContext context;

    LogitsL1(LogitsL1Options options, PluginContext context) {
        this.options = options;
        this.context = context;
    }

    /** Only this is computed and cached for the teacher; asking {@code teacher.get} for anything else fails. */
    @Override
    public Set<OutputKind> needs() {
        return Set.of(OutputKind.LOGITS);
    }

    @Override
    public double alpha() {
        return options.alpha();
    }

    @Override
    public NDArray loss(ModelOutput student, TeacherOutput teacher, TokenBatch batch) {
        Ops ops = context.ops();
        // Losses are computed in float32, whatever the model computes in.
        NDArray ours = ops.cast(student.requireLogits(), DataType.FLOAT32);
        NDArray difference = ours.sub(ops.cast(teacher.get(OutputKind.LOGITS), DataType.FLOAT32));
        Shape shape = difference.getShape();
        if (shape.dimension() == 2) {
            return difference.abs().mean(); // [batch, classes]: every element counts
        }
        // [batch, tokens, vocabulary]: padding holds anything, NaN included, so it is replaced, never multiplied by 0.
        NDArray mask = counted(student, batch);
        NDArray kept = NDArrays.where(mask.expandDims(2).broadcast(shape), difference, difference.zerosLike());
        // The count stays on the device; reading it here would make the device wait in every step.
        NDArray elements =
                ops.cast(mask, DataType.FLOAT32).sum().mul(shape.get(2)).maximum(1);
        return kept.abs().sum().div(elements);
    }

    /** Booleans [batch, tokens]. A decoder beside an encoder has no mask of its own: there the labels say what counts. */
    private static NDArray counted(ModelOutput student, TokenBatch batch) {
        boolean decoder = !student.decoderHiddenStates().isEmpty();
        return decoder && batch.labels().isPresent()
                ? batch.labels().get().neq(TokenBatch.IGNORED)
                : batch.attentionMask().neq(0);
    }
}
