package org.cpet.spi.tensor;

import ai.djl.ndarray.NDManager;

/** Found by {@link java.util.ServiceLoader}: gives tests and tools an {@link Ops} without naming the runtime. */
public interface OpsProvider {
    /** Starts the engine if needed and opens operations whose long-lived tensors belong to a new manager on the CPU. */
    Session open();

    /** Operations with the manager that owns what tests create. */
    interface Session extends AutoCloseable {
        Ops ops();

        NDManager manager();

        @Override
        void close();
    }
}
