package org.cpet.runtime.engine;

import ai.djl.pytorch.jni.JniUtils;
import java.util.function.Supplier;

/**
 * The one place that switches recording of the autograd graph. libtorch keeps the switch per thread and starts every
 * new thread with recording on; here every thread that touches an operation starts with it off.
 */
final class GradMode {
    // The graph executor's optimiser is per thread too; with it on, each first call of an op compiles for seconds.
    private static final ThreadLocal<Boolean> PREPARED = ThreadLocal.withInitial(() -> {
        JniUtils.setGraphExecutorOptimize(false);
        JniUtils.setGradMode(false);
        return true;
    });

    private GradMode() {}

    /** Brings this thread into the default state, once. */
    static void prepareThread() {
        PREPARED.get();
    }

    static <T> T with(boolean recording, Supplier<T> body) {
        prepareThread();
        boolean before = JniUtils.isGradMode();
        if (before == recording) {
            return body.get();
        }
        JniUtils.setGradMode(recording);
        try {
            return body.get();
        } finally {
            JniUtils.setGradMode(before);
        }
    }
}
