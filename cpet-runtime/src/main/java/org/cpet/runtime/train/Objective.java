package org.cpet.runtime.train;

import ai.djl.ndarray.NDArray;
import java.util.Map;
import org.cpet.spi.loss.DistillationLoss;
import org.cpet.spi.loss.TaskLoss;
import org.cpet.spi.model.ModelOutput;
import org.cpet.spi.tensor.Ops;

/** What a stage minimises: a scalar of a micro-batch, weighted by the batch's share of the step. */
@FunctionalInterface
public interface Objective {
    NDArray loss(ModelOutput student, MicroBatch batch, Share share);

    /** Looks at the gradients of the 1-based {@code step}, complete and not yet clipped; waits for nothing. */
    default void observe(long step) {}

    /** What it gathered so far, by name; a continued stage overwrites these tensors in place. */
    default Map<String, NDArray> state() {
        return Map.of();
    }

    /** L_task (paper, Eq. 2). */
    static Objective of(Ops ops, TaskLoss task) {
        return (student, batch, share) -> ops.scale(task.loss(student, batch.tokens()), share.labels());
    }

    /** Whether the forward pass has to give all hidden states. */
    default boolean hiddenStates() {
        return false;
    }

    /** L = this + α · L_DIST (paper, Eq. 4 and 5). */
    default Objective plus(Ops ops, DistillationLoss distillation, TeacherAnswers teacher) {
        return new DistilledObjective(ops, this, distillation, teacher);
    }
}
