package org.cpet.runtime.train;

import ai.djl.ndarray.NDArray;
import org.cpet.spi.loss.DistillationLoss;
import org.cpet.spi.loss.TaskLoss;
import org.cpet.spi.model.ModelOutput;

/** What a stage minimises: a scalar of a micro-batch. */
@FunctionalInterface
public interface Objective {
    NDArray loss(ModelOutput student, MicroBatch batch);

    /** L_task (paper, Eq. 2). */
    static Objective of(TaskLoss task) {
        return (student, batch) -> task.loss(student, batch.tokens());
    }

    /** L = this + α · L_DIST (paper, Eq. 4 and 5). */
    default Objective plus(DistillationLoss distillation, TeacherAnswers teacher) {
        return (student, batch) -> {
            NDArray distance = distillation.loss(student, teacher.of(batch), batch.tokens());
            return loss(student, batch).add(distance.mul(distillation.alpha()));
        };
    }
}
