package org.cpet.runtime.engine;

import ai.djl.engine.Engine;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;

/** Starts DJL's PyTorch engine so that it neither downloads nor reports anything. */
final class EngineStart {
    private static final String OFFLINE = "ai.djl.offline";

    private EngineStart() {}

    /** The engine; the first call loads the native libraries. */
    static synchronized Engine engine() {
        // DJL asks for this property while it starts, and then only when it looks for models; a host that has its own
        // value keeps it, one that has none sees none afterwards.
        boolean unset = System.getProperty(OFFLINE) == null;
        if (unset) {
            System.setProperty(OFFLINE, "true");
        }
        try {
            return Engine.getEngine("PyTorch");
        } catch (RuntimeException | LinkageError e) {
            throw new CpetException(
                    ExitCode.BUG,
                    "libtorch does not start; found " + rootMessage(e)
                            + "; allowed the jars pytorch-jni and pytorch-native-cpu of this platform on the class path,"
                            + " or PYTORCH_LIBRARY_PATH with PYTORCH_VERSION and PYTORCH_FLAVOR",
                    e);
        } finally {
            if (unset) {
                System.clearProperty(OFFLINE);
            }
        }
    }

    private static String rootMessage(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage()).lines().findFirst().orElse("no message");
    }
}
