package org.cpet.runtime.config;

import java.math.BigDecimal;

/**
 * The numbers an option may have.
 *
 * @param min the smallest, negative infinity when open
 * @param max the largest, positive infinity when open
 * @param aboveMin whether {@code min} itself is out of range
 * @param belowMax whether {@code max} itself is out of range
 */
public record NumberRange(double min, double max, boolean aboveMin, boolean belowMax) {
    /** Whether the number is in range. */
    public boolean contains(double number) {
        boolean low = aboveMin ? number > min : number >= min;
        boolean high = belowMax ? number < max : number <= max;
        return low && high;
    }

    /** Whether every number is in range. */
    public boolean isOpen() {
        return !hasMin() && !hasMax();
    }

    /** Whether there is a smallest number. */
    public boolean hasMin() {
        return min != Double.NEGATIVE_INFINITY;
    }

    /** Whether there is a largest number. */
    public boolean hasMax() {
        return max != Double.POSITIVE_INFINITY;
    }

    /** As in {@code of at least 1}, {@code from 0 to 1}, {@code above 0 and below 1}. */
    public String text() {
        if (!hasMin()) {
            return high();
        }
        if (!hasMax()) {
            return low();
        }
        return aboveMin || belowMax ? low() + " and " + high() : "from " + text(min) + " to " + text(max);
    }

    private String low() {
        return (aboveMin ? "above " : "of at least ") + text(min);
    }

    private String high() {
        return (belowMax ? "below " : "of at most ") + text(max);
    }

    private static String text(double bound) {
        return new BigDecimal(Double.toString(bound)).stripTrailingZeros().toPlainString();
    }
}
