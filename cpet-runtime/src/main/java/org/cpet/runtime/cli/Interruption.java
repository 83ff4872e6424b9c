package org.cpet.runtime.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.cpet.runtime.Cancellation;

/**
 * Ends a run at its next step when the process is told to end (SIGTERM, SIGINT), so that a checkpoint is saved; the
 * process waits for that, but not longer than the grace of common schedulers.
 */
final class Interruption implements AutoCloseable {
    private static final long GRACE_SECONDS = 25;

    private final Cancellation token = new Cancellation();
    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread hook = new Thread(this::stop, "cpet-interruption");

    private Interruption() {}

    static Interruption watch() {
        Interruption interruption = new Interruption();
        Runtime.getRuntime().addShutdownHook(interruption.hook);
        return interruption;
    }

    Cancellation token() {
        return token;
    }

    @Override
    public void close() {
        done.countDown();
        if (!token.isCancelled()) {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
    }

    private void stop() {
        token.cancel();
        try {
            if (!done.await(GRACE_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("cpet: no step ended within " + GRACE_SECONDS + " s; the last checkpoint stands");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
