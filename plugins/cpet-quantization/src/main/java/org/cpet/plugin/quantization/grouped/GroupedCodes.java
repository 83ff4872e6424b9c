package org.cpet.plugin.quantization.grouped;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.tensor.Ops;

/**
 * A matrix W [out, in] in codes: W_og = s_og (q_og − z_og) for row o and group g of columns.
 *
 * @param stream the codes row by row, b bits each, least significant bit first, uint8 [⌈out · in · b / 8⌉]
 * @param scales s, float32 [out, groups]
 * @param zeros z, uint8 [out, groups]
 * @param order int32 [in], the column that each stored column stands for; empty where they stand in their own order
 */
record GroupedCodes(
        GroupedForm form, int out, int in, NDArray stream, NDArray scales, NDArray zeros, Optional<NDArray> order)
        implements AutoCloseable {
    /** Packs codes [out, groups, columns of a group] on a grid; what it gives belongs to {@code owner}'s manager. */
    static GroupedCodes pack(Ops ops, GroupedForm form, NDArray codes, AffineGrid grid, Optional<NDArray> order) {
        long out = codes.getShape().get(0);
        long groups = codes.getShape().get(1);
        NDArray bytes = ops.packBits(ops.cast(codes.reshape(-1), DataType.UINT8), form.bits());
        return new GroupedCodes(
                form,
                (int) out,
                (int) (groups * codes.getShape().get(2)),
                bytes,
                ops.copy(grid.scales().reshape(out, groups)),
                ops.copy(ops.cast(grid.zeros().reshape(out, groups), DataType.UINT8)),
                order);
    }

    int groups() {
        return (int) scales.getShape().get(1);
    }

    /** q − z in the stored order of columns, float32 [out, groups, columns of a group]; dies with the scope. */
    NDArray integers(Ops ops) {
        return integers(ops, 0, out);
    }

    /** The same for the rows from {@code first} to before {@code last}, both multiples of {@link #step}. */
    NDArray integers(Ops ops, int first, int last) {
        long rowBits = (long) in * form.bits();
        NDArray bytes = stream.get(first * rowBits / 8 + ":" + (last * rowBits + 7) / 8);
        long count = (long) (last - first) * in;
        NDArray codes = ops.cast(ops.unpackBits(bytes, form.bits(), count), DataType.FLOAT32);
        NDArray offsets = ops.cast(zeros.get(first + ":" + last), DataType.FLOAT32);
        return codes.reshape(last - first, groups(), in / groups()).subi(offsets.reshape(last - first, groups(), 1));
    }

    /** How many rows to unpack at a time where little is to be held: about so many elements, on whole bytes. */
    int step(int elements) {
        return Math.max(8, elements / in / 8 * 8);
    }

    /** W with other scales [out, groups], in their type and the layer's order of columns [out, in]. */
    NDArray weight(Ops ops, NDArray newScales) {
        NDArray integers = integers(ops);
        NDArray typed = newScales.getDataType() == integers.getDataType()
                ? integers
                : ops.cast(integers, newScales.getDataType());
        return scaled(typed, newScales);
    }

    /** W of whole numbers in the stored order, which it overwrites, and scales of the same type; W [out, in]. */
    NDArray scaled(NDArray integers, NDArray newScales) {
        return inOrder(integers.muli(newScales.reshape(out, groups(), 1)).reshape(out, in));
    }

    /** Where codes of this layer stand, in the type of what will be rounded. */
    AffineGrid grid(Ops ops, DataType type) {
        return new AffineGrid(
                form.bits(),
                ops.cast(scales, type).reshape(out, groups(), 1),
                ops.cast(zeros, type).reshape(out, groups(), 1));
    }

    /** Columns as the layer has them, from columns as they are stored. */
    NDArray inOrder(NDArray stored) {
        return order.map(columns -> stored.get(":, {}", columns.argSort())).orElse(stored);
    }

    /** Columns as they are stored, from columns as the layer has them. */
    NDArray asStored(NDArray columns) {
        return order.map(stored -> columns.get(":, {}", stored.toType(DataType.INT64, true)))
                .orElse(columns);
    }

    /** The same with these rows only. */
    GroupedCodes keepRows(Ops ops, int[] rows) {
        return new GroupedCodes(
                form,
                rows.length,
                in,
                repacked(ops, 0, rows),
                ops.select(scales, 0, rows),
                ops.select(zeros, 0, rows),
                order.map(ops::copy));
    }

    /**
     * The same with these columns only: any of a row with one scale, whole groups else.
     *
     * @throws CpetException when a group loses a part of its columns
     */
    GroupedCodes keepColumns(Ops ops, String layer, int[] columns) {
        if (form.groupSize() == 0) {
            return new GroupedCodes(
                    form, out, columns.length, repacked(ops, 1, columns), ops.copy(scales), ops.copy(zeros), order);
        }
        int[] kept = wholeGroups(layer, columns);
        return new GroupedCodes(
                form,
                out,
                columns.length,
                repacked(ops, 1, columns),
                ops.select(scales, 1, kept),
                ops.select(zeros, 1, kept),
                Optional.empty());
    }

    private int[] wholeGroups(String layer, int[] columns) {
        int size = in / groups();
        int[] firsts = IntStream.range(0, columns.length)
                .filter(i -> i % size == 0)
                .map(i -> columns[i])
                .toArray();
        int[] whole = Arrays.stream(firsts)
                .flatMap(first -> IntStream.range(first, first + size))
                .toArray();
        boolean aligned = Arrays.stream(firsts).allMatch(first -> first % size == 0);
        if (order.isPresent() || !aligned || !Arrays.equals(columns, whole)) {
            throw new CpetException(
                    ExitCode.RECIPE,
                    "layer " + layer + " has a scale for every " + size
                            + " columns and cannot lose a part of them; allowed pruning before quantisation, or"
                            + " quantisation without group_size");
        }
        return Arrays.stream(firsts).map(first -> first / size).toArray();
    }

    private NDArray repacked(Ops ops, int axis, int[] positions) {
        try (NDArray codes = ops.copy(
                        ops.unpackBits(stream, form.bits(), (long) out * in).reshape(out, in));
                NDArray left = ops.select(codes, axis, positions)) {
            return ops.packBits(left.reshape(-1), form.bits());
        }
    }

    @Override
    public void close() {
        stream.close();
        scales.close();
        zeros.close();
        order.ifPresent(NDArray::close);
    }
}
