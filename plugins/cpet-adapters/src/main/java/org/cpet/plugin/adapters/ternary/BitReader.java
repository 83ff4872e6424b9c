package org.cpet.plugin.adapters.ternary;

import org.cpet.spi.InputException;

/** Bits out of bytes, the highest bit of a byte first. */
public final class BitReader {
    private final byte[] bytes;
    private final long bits;
    private int next;
    /** Bits not yet read, at the high end; zeros below them. */
    private long window;

    private int held;
    private long taken;

    /**
     * Of the first {@code bits} of {@code bytes}.
     *
     * @throws InputException when the bytes are not those that so many bits take
     */
    public BitReader(byte[] bytes, long bits) {
        if (bits < 0 || bytes.length != ((bits + 7) >>> 3)) {
            throw new InputException(
                    "bit stream; found " + bytes.length + " bytes; allowed what " + bits + " bits take");
        }
        this.bytes = bytes;
        this.bits = bits;
    }

    private void fill() {
        while (held <= 56 && next < bytes.length) {
            window |= (bytes[next++] & 0xffL) << (56 - held);
            held += 8;
        }
    }

    /** The next {@code count} bits as a number, at most 56. */
    public long bits(int count) {
        if (count == 0) {
            return 0;
        }
        if (held < count) {
            fill();
        }
        long value = window >>> (64 - count);
        drop(count);
        return value;
    }

    /** The ones before the next 0, which is read too. */
    public long unary() {
        long ones = 0;
        while (true) {
            fill();
            int run = Long.numberOfLeadingZeros(~window);
            if (run < held) {
                drop(run + 1);
                return ones + run;
            }
            ones += held;
            if (held == 0) {
                throw ended();
            }
            drop(held);
        }
    }

    private void drop(int count) {
        taken += count;
        if (count > held || taken > bits) {
            throw ended();
        }
        window = count == 64 ? 0 : window << count;
        held -= count;
    }

    /**
     * Checks that all bits were read and nothing follows them.
     *
     * @throws InputException when something is left
     */
    public void requireEnd() {
        if (taken != bits) {
            throw new InputException(
                    "bit stream; found " + bits + " bits; allowed " + taken + ", those of its entries");
        }
        fill();
        if (window != 0) {
            throw new InputException("bit stream; found ones after its end");
        }
    }

    private InputException ended() {
        return new InputException("bit stream ends after " + bits + " bits, before its last entry");
    }
}
