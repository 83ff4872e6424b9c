package org.cpet.runtime;

import java.util.concurrent.atomic.AtomicBoolean;

/** Stops a run from another thread: at the next optimizer step it saves a checkpoint and ends. */
public final class Cancellation {
    private final AtomicBoolean cancelled = new AtomicBoolean();

    /** Asks for the stop; does not wait for it. */
    public void cancel() {
        cancelled.set(true);
    }

    /** Whether {@link #cancel} was called. */
    public boolean isCancelled() {
        return cancelled.get();
    }
}
