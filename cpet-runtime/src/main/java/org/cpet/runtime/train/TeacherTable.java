package org.cpet.runtime.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.function.Function;
import org.cpet.spi.loss.OutputKind;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.tensor.Ops;
import org.jspecify.annotations.Nullable;

/** One kind of teacher output: real positions of all rows as a table [positions, width]. */
final class TeacherTable {
    private final Axis axis;
    private final int width;
    private final long[] offsets;
    private final int[] lengths;
    private final long positions;
    private final @Nullable NDArray values;

    /** What the positions of a row are. */
    private enum Axis {
        /** One for the whole row: class logits. */
        ROW,
        /** Those of the input. */
        INPUT,
        /** Those of a decoder. */
        TARGET
    }

    private TeacherTable(
            Axis axis, int width, long[] offsets, int[] lengths, long positions, @Nullable NDArray values) {
        this.axis = axis;
        this.width = width;
        this.offsets = offsets;
        this.lengths = lengths;
        this.positions = positions;
        this.values = values;
    }

    /** Where each row's positions lie; {@code sample} is the shape of that output for some batch. */
    static TeacherTable layout(OutputKind kind, Shape sample, TrainingRows rows, List<List<Integer>> order) {
        Axis axis = axis(kind, sample, rows.targetLength(0) > 0);
        long[] offsets = new long[rows.size()];
        int[] lengths = new int[rows.size()];
        long positions = 0;
        for (List<Integer> chunk : order) {
            for (int row : chunk) {
                offsets[row] = positions;
                lengths[row] = length(axis, rows, row);
                positions += lengths[row];
            }
        }
        return new TeacherTable(axis, (int) sample.get(sample.dimension() - 1), offsets, lengths, positions, null);
    }

    private static Axis axis(OutputKind kind, Shape sample, boolean decodes) {
        if (sample.dimension() == 2) {
            return Axis.ROW;
        }
        return decodes && !kind.ofEncoder() ? Axis.TARGET : Axis.INPUT;
    }

    private static int length(Axis axis, TrainingRows rows, int row) {
        return switch (axis) {
            case ROW -> 1;
            case INPUT -> rows.inputLength(row);
            case TARGET -> rows.targetLength(row);
        };
    }

    long bytes() {
        return positions * width * Float.BYTES;
    }

    /** @param room makes a float32 tensor of a shape */
    TeacherTable allocate(Function<Shape, NDArray> room) {
        NDArray empty = room.apply(new Shape(positions, width));
        return new TeacherTable(axis, width, offsets, lengths, positions, empty);
    }

    /** Stores the real positions of a chunk of neighbouring rows from their padded output. */
    void put(Ops ops, List<Integer> chunk, NDArray output) {
        NDArray flat = output.reshape(-1, width);
        int padded = (int) (flat.getShape().get(0) / chunk.size());
        long start = offsets[chunk.get(0)];
        int count = chunk.stream().mapToInt(row -> lengths[row]).sum();
        long[] real = new long[count];
        int at = 0;
        for (int i = 0; i < chunk.size(); i++) {
            for (int position = 0; position < lengths[chunk.get(i)]; position++) {
                real[at++] = (long) i * padded + position;
            }
        }
        NDArray ids = output.getManager().create(real, new Shape(1, count));
        NDArray rows = ops.embedding(ids, flat).reshape(count, width);
        NDArray place = values().get(new NDIndex("{}:{}", start, start + count));
        ops.assign(place, rows.getDataType() == DataType.FLOAT32 ? rows : ops.cast(rows, DataType.FLOAT32));
    }

    /** The output of a batch, padded like it; what stands at padding is another position's. */
    NDArray get(Ops ops, MicroBatch batch) {
        int rows = batch.rows().size();
        int padded = padded(batch.tokens());
        long[] ids = new long[rows * padded];
        for (int i = 0; i < rows; i++) {
            int row = batch.rows().get(i);
            for (int position = 0; position < padded; position++) {
                ids[i * padded + position] = offsets[row] + Math.min(position, lengths[row] - 1);
            }
        }
        NDArray index = batch.tokens().inputIds().getManager().create(ids, new Shape(rows, padded));
        NDArray found = ops.embedding(index, values());
        return axis == Axis.ROW ? found.reshape(rows, width) : found;
    }

    private int padded(TokenBatch batch) {
        return switch (axis) {
            case ROW -> 1;
            case INPUT -> (int) batch.inputIds().getShape().get(1);
            case TARGET -> (int) batch.labels().orElseThrow().getShape().get(1);
        };
    }

    private NDArray values() {
        if (values == null) {
            throw new IllegalStateException("the table is laid out but not allocated");
        }
        return values;
    }
}
