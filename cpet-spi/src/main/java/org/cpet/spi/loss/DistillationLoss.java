package org.cpet.spi.loss;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Set;
import org.cpet.spi.model.ModelOutput;
import org.cpet.spi.model.TokenBatch;

/** L_DIST (paper, Eq. 5): how far the student's outputs are from the teacher's. */
public interface DistillationLoss {
    /** What it compares; only that is computed and cached for the teacher. */
    Set<OutputKind> needs();

    /** α of L = L_task + α · L_DIST. */
    double alpha();

    /**
     * Whether the loss is divided by the number of examples; else it is a mean over the positions compared. By this,
     * gradient accumulation weighs micro-batches.
     */
    default boolean perExample() {
        return false;
    }

    /**
     * What is added up, each with its α and over its own positions; the loss itself unless it has several targets. {@link
     * #needs} says what they need together.
     */
    default List<DistillationLoss> terms() {
        return List.of(this);
    }

    /** L_DIST as a scalar, without α, in float32; padding and uncounted positions left out. */
    NDArray loss(ModelOutput student, TeacherOutput teacher, TokenBatch batch);
}
