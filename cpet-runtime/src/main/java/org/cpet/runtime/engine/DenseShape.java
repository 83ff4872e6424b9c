package org.cpet.runtime.engine;

import java.util.Locale;

/** Kinds of float32 products that prefer different kernels: libraries differ in how they bring Wᵀ into order. */
enum DenseShape {
    /** x Wᵀ of many rows, and whatever is none of the others. */
    MANY(512, 768, 768),
    /** x Wᵀ into a narrower output, or between widths whose rows lie multiples of 2 KiB apart. */
    NARROW(512, 1024, 512),
    /** x Wᵀ of some dozen rows: a short batch of a decoder. */
    FEW(64, 512, 512),
    /** x Wᵀ of single rows, as in decoding. */
    ROW(1, 768, 768),
    /** g W, with W as it lies. */
    BACK(512, 768, 768);

    private static final long ROW_ROWS = 16;
    private static final long FEW_ROWS = 128;
    private static final long THIN = 64;
    private static final long ALIASED = 512;

    private final int rows;
    private final int in;
    private final int out;

    DenseShape(int rows, int in, int out) {
        this.rows = rows;
        this.in = in;
        this.out = out;
    }

    /** The kind of x Wᵀ with x [rows, in] and W [out, in]. */
    static DenseShape of(long rows, long in, long out) {
        if (rows < ROW_ROWS) {
            return ROW;
        }
        if (rows < FEW_ROWS) {
            return FEW;
        }
        boolean aliased = in % ALIASED == 0 && out <= ALIASED;
        return out >= THIN && (aliased || in >= 2 * out) ? NARROW : MANY;
    }

    /** Rows of the product that stands for this kind where kernels are measured. */
    int rows() {
        return rows;
    }

    int in() {
        return in;
    }

    int out() {
        return out;
    }

    /** What tables append to a kernel's name. */
    String suffix() {
        return this == MANY ? "" : "_" + name().toLowerCase(Locale.ROOT);
    }
}
