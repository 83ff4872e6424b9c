package org.cpet.runtime.bench;

import java.util.OptionalLong;

/** A model built for a measurement, and what one step of it is. */
interface BenchJob extends AutoCloseable {
    /** One step; gives a loss or a logit, so that a device has finished when this returns. */
    double step();

    /** Numbers that training changes. */
    default long trainableParameters() {
        return 0;
    }

    /** Numbers in the model. */
    long parameters();

    /** The peak of resident bytes that is expected of the whole measurement, where that is worked out. */
    default OptionalLong predictedPeak() {
        return OptionalLong.empty();
    }

    @Override
    void close();
}
