package org.cpet.plugin.quantization.grouped;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cpet.spi.OptionException;
import org.cpet.spi.Options;
import org.cpet.spi.model.LinearSpec;

/**
 * How many bits a code has, and how many columns share a scale. Tables show it as {@code w4} (a scale per row) or {@code
 * w4g128}.
 *
 * @param groupSize 0 where a row has one scale
 */
public record GroupedForm(int bits, int groupSize) {
    private static final Pattern STORAGE = Pattern.compile("w([2348])(?:g(\\d+))?");
    private static final int SCALE_BYTES = 4;
    private static final int ZERO_BYTES = 1;

    /** Whether codes of so many bits exist. */
    static boolean packs(int bits) {
        return bits == 2 || bits == 3 || bits == 4 || bits == 8;
    }

    /** Refuses numbers of bits that no codes have. */
    public static void check(int bits) {
        Options.check(packs(bits), "bits must be one of 2, 3, 4, 8, was %d", bits);
    }

    /** The form that {@link LinearSpec#storage} names, if it is one. */
    static Optional<GroupedForm> of(String storage) {
        Matcher matcher = STORAGE.matcher(storage);
        return matcher.matches()
                ? Optional.of(new GroupedForm(
                        Integer.parseInt(matcher.group(1)),
                        matcher.group(2) == null ? 0 : Integer.parseInt(matcher.group(2))))
                : Optional.empty();
    }

    /** As tables show it. */
    String storage() {
        return "w" + bits + (groupSize == 0 ? "" : "g" + groupSize);
    }

    /** Groups of a row. */
    int groups(int in) {
        return groupSize == 0 ? 1 : in / groupSize;
    }

    /**
     * The layer held in this form.
     *
     * @throws OptionException when groups of this size do not fill the layer's rows
     */
    LinearSpec spec(LinearSpec linear) {
        requireFits(linear);
        long bias = linear.bias() ? 4L * linear.out() : 0;
        return linear.stored(of(linear.in()).storage(), bytes(linear.out(), linear.in()) + bias);
    }

    /** The same form for rows of so many columns: one group is a whole row. */
    GroupedForm of(int in) {
        return groupSize == in ? new GroupedForm(bits, 0) : this;
    }

    /** Bytes of codes, scales and zero points. */
    private long bytes(int out, int in) {
        return streamBytes((long) out * in) + (long) out * groups(in) * (SCALE_BYTES + ZERO_BYTES);
    }

    /** Bytes of so many codes. */
    long streamBytes(long codes) {
        return (codes * bits + 7) / 8;
    }

    private void requireFits(LinearSpec linear) {
        if (groupSize > 0 && linear.in() % groupSize != 0) {
            throw new OptionException("group_size must divide the " + linear.in() + " inputs of " + linear.name()
                    + "; found " + groupSize + "; allowed a divisor of " + linear.in() + nearest(linear.in()));
        }
    }

    private String nearest(int in) {
        int below = groupSize;
        while (below > 1 && in % below != 0) {
            below--;
        }
        return below > 1 ? "; did you mean " + below + "?" : "";
    }
}
