package org.cpet.runtime.engine;

import ai.djl.engine.Engine;
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
            throw new CpetException(
                    ExitCode.RECIPE,
                    "libtorch does not start; found " + rootMessage(e)
                            + "; allowed the jars pytorch-jni and pytorch-native-cpu of this platform on the class path,"
                            + " or PYTORCH_LIBRARY_PATH with PYTORCH_VERSION and PYTORCH_FLAVOR",
                    e);
        } finally {
            lent.forEach(System::clearProperty);
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
