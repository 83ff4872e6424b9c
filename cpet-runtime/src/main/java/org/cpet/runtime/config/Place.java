package org.cpet.runtime.config;

import java.util.Comparator;

/**
 * Where something was written.
 *
 * @param source a file as the user named it, {@code --set a.b=c}, or {@code <recipe>}
 * @param line counted from 1; 0 where the source has no lines
 * @param column counted from 1; 0 where the source has no lines
 */
public record Place(String source, int line, int column) implements Comparable<Place> {
    private static final Comparator<Place> ORDER = Comparator.comparing(Place::overridden)
            .thenComparing(Place::source)
            .thenComparingInt(Place::line)
            .thenComparingInt(Place::column);

    private static final String OVERRIDE = "--set ";

    /** A source without lines. */
    public static Place of(String source) {
        return new Place(source, 0, 0);
    }

    /** A value given on the command line, as {@code a.b=c}. */
    public static Place override(String assignment) {
        return of(OVERRIDE + assignment);
    }

    /** Whether the command line said it. */
    public boolean overridden() {
        return line == 0 && source.startsWith(OVERRIDE);
    }

    /** Files first, in reading order, then what the command line said. */
    @Override
    public int compareTo(Place other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return line == 0 ? source : source + ":" + line + ":" + column;
    }
}
