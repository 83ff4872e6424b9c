package org.cpet.plugin.pruning;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cpet.spi.OptionException;

/**
 * N:M sparsity: of each group of {@code size} weights in a row, {@code kept} stay.
 *
 * @param kept at least 1 and below {@code size}
 * @param size at most 64
 */
record GroupPattern(int kept, int size) {
    private static final Pattern FORM = Pattern.compile("(\\d{1,2}):(\\d{1,2})");
    private static final int LARGEST = 64;

    /**
     * Reads {@code n:m}.
     *
     * @throws OptionException when it is not of that form
     */
    static GroupPattern parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (matcher.matches()) {
            GroupPattern pattern =
                    new GroupPattern(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
            if (pattern.kept >= 1 && pattern.kept < pattern.size && pattern.size <= LARGEST) {
                return pattern;
            }
        }
        throw new OptionException("pattern must be n:m with 1 <= n < m <= " + LARGEST + ", such as 2:4, was " + text);
    }
}
