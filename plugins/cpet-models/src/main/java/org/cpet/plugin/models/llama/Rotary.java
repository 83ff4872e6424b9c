package org.cpet.plugin.models.llama;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.Optional;
import java.util.stream.LongStream;
import org.cpet.spi.tensor.Ops;

/** cos and sin of position · frequency, each frequency once per half, [positions, headDim]; grows when asked for more. */
final class Rotary {
    private static final int SMALLEST = 64;

    private final Ops ops;
    private final NDManager manager;
    private final double[] frequencies;
    private final int headDim;
    private Optional<Turn> table = Optional.empty();
    private int length;

    Rotary(Ops ops, NDManager manager, RotarySettings settings, int headDim) {
        this.ops = ops;
        this.manager = manager;
        this.frequencies = settings.frequencies(headDim);
        this.headDim = headDim;
    }

    /** For the positions from {@code first} on. */
    Turn at(int first, int count) {
        if (first + count > length) {
            grow(Math.max(SMALLEST, Integer.highestOneBit(first + count - 1) * 2));
        }
        Turn all = table.orElseThrow();
        NDIndex rows = new NDIndex().addSliceDim(first, first + (long) count);
        return new Turn(all.cos().get(rows), all.sin().get(rows));
    }

    /** Keys [batch, groups, columns, d] turned by a position for each row. */
    NDArray turn(NDArray keys, long[] positions) {
        at(0, (int) LongStream.of(positions).max().orElse(0) + 1);
        Turn all = table.orElseThrow();
        NDArray rows = keys.getManager().create(positions, new Shape(positions.length, 1));
        Shape each = new Shape(positions.length, 1, 1, headDim);
        return ops.rotary(
                keys,
                ops.embedding(rows, all.cos()).reshape(each),
                ops.embedding(rows, all.sin()).reshape(each));
    }

    private void grow(int newLength) {
        float[] cos = new float[newLength * headDim];
        float[] sin = new float[newLength * headDim];
        for (int position = 0; position < newLength; position++) {
            for (int i = 0; i < frequencies.length; i++) {
                double angle = position * frequencies[i];
                int at = position * headDim + i;
                cos[at] = (float) StrictMath.cos(angle);
                sin[at] = (float) StrictMath.sin(angle);
                cos[at + frequencies.length] = cos[at];
                sin[at + frequencies.length] = sin[at];
            }
        }
        table.ifPresent(Turn::close);
        table = Optional.of(new Turn(lasting(cos, newLength), lasting(sin, newLength)));
        length = newLength;
    }

    /** A tensor that the model owns even where a scope is open. */
    private NDArray lasting(float[] values, int rows) {
        try (NDArray fresh = manager.create(values, new Shape(rows, headDim))) {
            return ops.copy(fresh);
        }
    }

    /** Turns queries and keys. */
    record Turn(NDArray cos, NDArray sin) {
        private void close() {
            cos.close();
            sin.close();
        }
    }
}
