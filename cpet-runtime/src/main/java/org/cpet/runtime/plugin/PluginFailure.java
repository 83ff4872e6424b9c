package org.cpet.runtime.plugin;

import java.util.Optional;
import java.util.ServiceConfigurationError;
import org.cpet.runtime.config.Message;
import org.cpet.spi.CpetException;

/**
 * A provider that a service file names and that could not be loaded, made or asked for its name, or a jar that could
 * not be read. Fatal only when a recipe then misses a method that it may have held.
 *
 * @param kind empty for a whole jar
 * @param className empty for a whole jar
 */
public record PluginFailure(Optional<Kind> kind, String className, Origin origin, Throwable cause) {
    private static final int LONGEST_REASON = 300;

    /** One line with the jar, the class and the cause. */
    public String text() {
        Throwable root = cause;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        String what =
                kind.map(value -> "the " + value.title() + " " + className).orElse("the jar");
        return origin + ": " + what + " cannot be used: " + Message.oneLine(reason(root), LONGEST_REASON);
    }

    private static String reason(Throwable root) {
        String message = String.valueOf(root.getMessage());
        if (root instanceof ServiceConfigurationError) {
            // the service type, which the message starts with, is said already
            return message.substring(message.indexOf(": ") + 2);
        }
        return root instanceof CpetException ? message : root.toString();
    }

    /** Whether an extension of that kind may be missing because of this. */
    public boolean concerns(Kind missing) {
        return kind.isEmpty() || kind.get() == missing;
    }
}
