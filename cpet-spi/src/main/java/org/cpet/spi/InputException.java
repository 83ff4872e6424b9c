package org.cpet.spi;

import org.jspecify.annotations.Nullable;

/** A model or data file that cannot be used: missing, corrupt, of the wrong shape, or with a bad row. */
public final class InputException extends CpetException {
    private static final long serialVersionUID = 1L;

    public InputException(String message) {
        super(ExitCode.INPUT, message);
    }

    public InputException(String message, @Nullable Throwable cause) {
        super(ExitCode.INPUT, message, cause);
    }
}
