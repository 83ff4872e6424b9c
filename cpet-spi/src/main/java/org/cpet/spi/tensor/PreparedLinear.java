package org.cpet.spi.tensor;

import ai.djl.ndarray.NDArray;

/** A linear layer packed for the fastest kernel of this machine; inference only. */
public interface PreparedLinear extends AutoCloseable {
    /** y = x Wᵀ + b with int8 arithmetic inside; x [.., in] to y [.., out], without a gradient. */
    NDArray apply(NDArray x);

    /** The kernel's name, as {@code cpet doctor} shows it. */
    String kernel();

    @Override
    void close();
}
