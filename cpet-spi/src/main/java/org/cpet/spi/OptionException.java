package org.cpet.spi;

/** An option whose value breaks a rule of its record; the binder turns it into a located problem. */
public final class OptionException extends CpetException {
    private static final long serialVersionUID = 1L;

    public OptionException(String message) {
        super(ExitCode.RECIPE, message);
    }
}
