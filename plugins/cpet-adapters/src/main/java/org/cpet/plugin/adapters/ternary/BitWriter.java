package org.cpet.plugin.adapters.ternary;

/** Bits into bytes, the highest bit of a byte first. */
public final class BitWriter {
    private final byte[] bytes;
    private int next;
    private long buffer;
    private int held;

    /** Of so many bits. */
    public BitWriter(long bits) {
        bytes = new byte[Math.toIntExact((bits + 7) >>> 3)];
    }

    /** The low {@code count} bits, at most 56, the highest of them first. */
    public void bits(long value, int count) {
        buffer = (buffer << count) | (value & ((1L << count) - 1));
        held += count;
        while (held >= 8) {
            held -= 8;
            bytes[next++] = (byte) (buffer >>> held);
        }
    }

    /** So many ones and a 0. */
    public void unary(long ones) {
        long left = ones;
        for (; left >= 32; left -= 32) {
            bits(-1, 32);
        }
        bits((1L << (left + 1)) - 2, (int) left + 1);
    }

    /** All bytes, the last filled up with zeros. */
    public byte[] bytes() {
        if (held > 0) {
            bytes[next] = (byte) (buffer << (8 - held));
        }
        return bytes;
    }
}
