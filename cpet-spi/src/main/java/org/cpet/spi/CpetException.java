package org.cpet.spi;

import org.jspecify.annotations.Nullable;

/**
 * A failure that a user can act on. The message is one line: what, where, what was found, what is allowed, the nearest
 * name; it starts in lower case and ends without a full stop.
 */
public class CpetException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ExitCode exitCode;

    public CpetException(ExitCode exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    public CpetException(ExitCode exitCode, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /** The kind of failure. */
    public final ExitCode exitCode() {
        return exitCode;
    }
}
