package org.cpet.plugin.pruning;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cpet.spi.OptionException;

/**
 * N:M sparsity: of each group of {@code size} weights in a row, {@code kept} stay; where {@code square}, of each row and
 * of each column of a tile [size, size] at most so many.
 *
 * @param kept at least 1 and below {@code size}
 * @param size at most 64
 */
record GroupPattern(int kept, int size, boolean square) {
    private static final Pattern FORM = Pattern.compile("(\\d{1,2}):(\\d{1,2})");
    private static final int LARGEST = 64;

    /** Along rows alone. */
    GroupPattern(int kept, int size) {
        this(kept, size, false);
    }

    /**
     * Reads {@code n:m}, {@code 1d} (2:4 along rows) or {@code 2d} (2:4 along rows and columns).
     *
     * @throws OptionException when it is not of that form
     */
    static GroupPattern parse(String text) {
        if (text.equals("1d") || text.equals("2d")) {
            return new GroupPattern(2, 4, text.equals("2d"));
        }
        Matcher matcher = FORM.matcher(text);
        if (matcher.matches()) {
            GroupPattern pattern =
                    new GroupPattern(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
            if (pattern.kept >= 1 && pattern.kept < pattern.size && pattern.size <= LARGEST) {
                return pattern;
            }
        }
        throw new OptionException(
                "pattern must be n:m with 1 <= n < m <= " + LARGEST + ", such as 2:4, or 1d or 2d, was " + text);
    }
}
