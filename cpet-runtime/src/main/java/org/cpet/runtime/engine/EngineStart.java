package org.cpet.runtime.engine;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import java.util.List;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;

/** Starts DJL's PyTorch engine so that it neither downloads nor reports anything. */
final class EngineStart {
    // DJL reads these while it starts; without them it may download libraries and call home
    private static final List<String> SWITCHES = List.of("ai.djl.offline", "OPT_OUT_TRACKING");

    private EngineStart() {}

    /** The engine; the first call loads the native libraries. A host's own switches stay, others are only lent. */
    static synchronized Engine engine() {
        List<String> lent = SWITCHES.stream()
                .filter(name -> System.getProperty(name) == null)
                .toList();
        lent.forEach(name -> System.setProperty(name, "true"));
        try {
            return Engine.getEngine("PyTorch");
        } catch (RuntimeException | LinkageError e) {
            throw failure(e);
        } finally {
            lent.forEach(System::clearProperty);
        }
    }

    /** What a user can do about an engine that does not start. */
    static CpetException failure(Throwable thrown) {
        return new CpetException(
                ExitCode.RECIPE,
                "libtorch does not start; found " + cause(thrown)
                        + "; allowed pytorch-jni and pytorch-native-cpu of this platform on the class path and a writable"
                        + " DJL_CACHE_DIR, or PYTORCH_LIBRARY_PATH with PYTORCH_VERSION and PYTORCH_FLAVOR",
                thrown);
    }

    private static String cause(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = String.valueOf(root.getMessage()).lines().findFirst().orElse("");
        if (message.startsWith("Offline mode")) {
            return "no native libraries, and none are downloaded";
        }
        return root instanceof EngineException ? message : root.getClass().getSimpleName() + ": " + message;
    }
}
