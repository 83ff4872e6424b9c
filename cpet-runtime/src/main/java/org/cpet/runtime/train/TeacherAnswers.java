package org.cpet.runtime.train;

import org.cpet.spi.loss.TeacherOutput;

/** What the teacher says to a micro-batch: f(x; θ_M, θ_P(M)), outside the graph. */
@FunctionalInterface
public interface TeacherAnswers extends AutoCloseable {
    /** Padded like the batch; belongs to the current scope. */
    TeacherOutput of(MicroBatch batch);

    /** Bytes that are kept of them. */
    default long bytes() {
        return 0;
    }

    @Override
    default void close() {}
}
