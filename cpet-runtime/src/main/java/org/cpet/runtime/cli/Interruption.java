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

    /** Opens when the command has said how it ended. */
    private static final CountDownLatch ANSWERED = new CountDownLatch(1);

    private final Cancellation token = new Cancellation();
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

    /** Lets a process that was told to end go: everything is said. */
    static void answered() {
        ANSWERED.countDown();
    }

    @Override
    public void close() {
        if (!token.isCancelled()) {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
    }

    private void stop() {
        token.cancel();
        try {
            if (!ANSWERED.await(GRACE_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("cpet: no step ended within " + GRACE_SECONDS + " s; the last checkpoint stands");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
