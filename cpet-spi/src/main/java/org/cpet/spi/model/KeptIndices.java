package org.cpet.spi.model;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Which rows and columns of an original matrix a narrowed one still has, in order. */
public final class KeptIndices {
    private final int originalOut;
    private final int originalIn;
    private final int[] rows;
    private final int[] columns;

    private KeptIndices(int originalOut, int originalIn, int[] rows, int[] columns) {
        this.originalOut = originalOut;
        this.originalIn = originalIn;
        this.rows = rows;
        this.columns = columns;
    }

    /** Everything is left. */
    public static KeptIndices all(int out, int in) {
        return new KeptIndices(
                out,
                in,
                IntStream.range(0, out).toArray(),
                IntStream.range(0, in).toArray());
    }

    /** Keeps these of the present rows. */
    public KeptIndices rows(int[] kept) {
        return new KeptIndices(originalOut, originalIn, pick(rows, kept), columns);
    }

    /** Keeps these of the present columns. */
    public KeptIndices columns(int[] kept) {
        return new KeptIndices(originalOut, originalIn, rows, pick(columns, kept));
    }

    /** Original indices of the rows left. */
    public int[] rows() {
        return rows.clone();
    }

    /** Original indices of the columns left. */
    public int[] columns() {
        return columns.clone();
    }

    /** Rows of the original matrix. */
    public int originalOut() {
        return originalOut;
    }

    /** Columns of the original matrix. */
    public int originalIn() {
        return originalIn;
    }

    /** Whether nothing was removed or moved. */
    public boolean isWhole() {
        return isWhole(rows, originalOut) && isWhole(columns, originalIn);
    }

    /** Whether {@code positions} are all of so many, in their order. */
    public static boolean isWhole(int[] positions, int original) {
        return Arrays.equals(positions, IntStream.range(0, original).toArray());
    }

    private static int[] pick(int[] from, int[] kept) {
        return Arrays.stream(kept).map(i -> from[i]).toArray();
    }
}
