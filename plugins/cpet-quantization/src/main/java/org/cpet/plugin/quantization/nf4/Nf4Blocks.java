package org.cpet.plugin.quantization.nf4;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.tensor.Ops;

/**
 * A matrix [out, in] in NF4: its values row by row in blocks of 64, each a code of four bits times the block's largest
 * magnitude.
 *
 * @param stream two codes to a byte, the first in the high nibble, uint8 [⌈out · in / 2⌉]
 * @param magnitudes of the blocks
 */
record Nf4Blocks(int out, int in, NDArray stream, Magnitudes magnitudes) implements AutoCloseable {
    static final int SIZE = 64;
    private static final int ZERO = 7;

    /** Packs values; the tensors belong to {@code manager}. */
    static Nf4Blocks pack(NDManager manager, float[] values, int out, int in, boolean doubleQuant) {
        float[] largest = largest(values);
        byte[] bytes = new byte[(values.length + 1) / 2];
        for (int i = 0; i < 2 * bytes.length; i++) {
            int code = i < values.length ? code(values[i], largest[i / SIZE]) : ZERO;
            bytes[i / 2] |= (byte) (i % 2 == 0 ? code << 4 : code);
        }
        return new Nf4Blocks(out, in, Magnitudes.bytes(manager, bytes), Magnitudes.of(manager, largest, doubleQuant));
    }

    /** Blocks of so many values. */
    static int count(long values) {
        return Math.toIntExact((values + SIZE - 1) / SIZE);
    }

    private static float[] largest(float[] values) {
        float[] largest = new float[count(values.length)];
        for (int i = 0; i < values.length; i++) {
            largest[i / SIZE] = Math.max(largest[i / SIZE], Math.abs(values[i]));
        }
        return largest;
    }

    private static int code(float value, float largest) {
        return ValueTable.NORMAL.code(largest == 0 ? value : value / largest);
    }

    /** The matrix, float32 [out, in]; dies with the scope. */
    NDArray weight(Ops ops) {
        NDManager manager = stream.getManager();
        NDArray pairs = manager.create(pairs(), new Shape(256, 2));
        NDArray values = ops.embedding(ops.cast(whole(), DataType.INT32), pairs);
        NDArray scaled = values.reshape(-1, SIZE).muli(magnitudes.values().reshape(-1, 1));
        long size = (long) out * in;
        return size % SIZE == 0
                ? scaled.reshape(out, in)
                : scaled.reshape(-1).get(new NDIndex("0:" + size)).reshape(out, in);
    }

    /** The stream up to the end of its last block. */
    private NDArray whole() {
        long missing = (long) count((long) out * in) * SIZE / 2 - stream.size();
        return missing == 0
                ? stream
                : NDArrays.concat(new NDList(stream, stream.getManager().zeros(new Shape(missing), DataType.UINT8)));
    }

    /** The two values that a byte stands for, for each of the 256. */
    private static float[] pairs() {
        float[] pairs = new float[512];
        for (int code = 0; code < 256; code++) {
            pairs[2 * code] = ValueTable.NORMAL.value(code >> 4);
            pairs[2 * code + 1] = ValueTable.NORMAL.value(code & 15);
        }
        return pairs;
    }

    /** The same with these rows only, which must be whole blocks. */
    Nf4Blocks keepRows(Ops ops, String layer, int[] rows) {
        requireWhole(in % SIZE == 0, layer, "rows of " + in + " columns");
        int each = in / SIZE;
        int[] blocks = Arrays.stream(rows)
                .flatMap(row -> IntStream.range(row * each, (row + 1) * each))
                .toArray();
        return select(ops, blocks, rows.length, in);
    }

    /** The same with these columns only, which must be whole blocks. */
    Nf4Blocks keepColumns(Ops ops, String layer, int[] columns) {
        int[] firsts = IntStream.range(0, columns.length)
                .filter(i -> i % SIZE == 0)
                .map(i -> columns[i])
                .toArray();
        int[] whole = Arrays.stream(firsts)
                .flatMap(first -> IntStream.range(first, first + SIZE))
                .toArray();
        boolean aligned = Arrays.stream(firsts).allMatch(first -> first % SIZE == 0);
        requireWhole(in % SIZE == 0 && aligned && Arrays.equals(columns, whole), layer, "these columns");
        int[] blocks = IntStream.range(0, out)
                .flatMap(row -> Arrays.stream(firsts).map(first -> (row * in + first) / SIZE))
                .toArray();
        return select(ops, blocks, out, columns.length);
    }

    private Nf4Blocks select(Ops ops, int[] blocks, int newOut, int newIn) {
        try (NDArray byBlock = ops.copy(stream.reshape(-1, SIZE / 2));
                NDArray left = ops.select(byBlock, 0, blocks)) {
            return new Nf4Blocks(newOut, newIn, ops.copy(left.reshape(-1)), magnitudes.select(ops, blocks));
        }
    }

    private static void requireWhole(boolean holds, String layer, String what) {
        if (!holds) {
            throw new CpetException(
                    ExitCode.RECIPE,
                    "layer " + layer + " is held in blocks of " + SIZE + " weights, and " + what
                            + " are no whole blocks; allowed pruning before nf4");
        }
    }

    @Override
    public void close() {
        stream.close();
        magnitudes.close();
    }
}
