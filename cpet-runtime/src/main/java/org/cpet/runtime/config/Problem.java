package org.cpet.runtime.config;

import java.util.Comparator;
import org.cpet.spi.ExitCode;

/** Something wrong in a recipe or in what it names, with its place. */
public record Problem(Place place, ExitCode exitCode, String message) implements Comparable<Problem> {
    private static final Comparator<Problem> ORDER =
            Comparator.comparing(Problem::place).thenComparing(Problem::message);

    @Override
    public int compareTo(Problem other) {
        return ORDER.compare(this, other);
    }

    /** {@code FILE:LINE:COLUMN: message}. */
    @Override
    public String toString() {
        return place + ": " + message;
    }
}
