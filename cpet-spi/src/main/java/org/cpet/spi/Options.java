package org.cpet.spi;

import java.util.Locale;

/** Checks for the compact constructors of option records. */
public final class Options {
    private Options() {}

    /**
     * Refuses a value. The message states the rule, then the value; whoever binds the record adds the place.
     *
     * @throws OptionException when the rule does not hold
     */
    public static void check(boolean holds, String template, Object... arguments) {
        if (!holds) {
            throw new OptionException(String.format(Locale.ROOT, template, arguments));
        }
    }
}
