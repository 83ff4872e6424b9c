package org.cpet.plugin.quantization.grouped;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.function.Function;
import org.cpet.spi.tensor.Ops;

/**
 * Rounds a matrix column by column (GPTQ, algorithm 1). With U upper triangular, UᵀU = H⁻¹: q_j = Q(w_j), e = (w_j − q_j) /
 * U_jj, w_{j:} ← w_{j:} − e U_{j,j:}. Columns of a block are kept up to date one by one, those behind it once it is done.
 */
final class ColumnRounding {
    private static final int BLOCK = 128;

    private final Ops ops;
    private final int bits;
    private final int groupSize;
    private final Function<NDArray, AffineGrid> grids;
    private final int out;
    private final int in;
    private final float[] codes;
    private final float[] scales;
    private final float[] zeros;

    /**
     * @param groupSize columns that share a grid
     * @param grids the grid for the weights [out, 1, groupSize] of a group as they are when its turn comes
     */
    ColumnRounding(Ops ops, int bits, int out, int in, int groupSize, Function<NDArray, AffineGrid> grids) {
        this.ops = ops;
        this.bits = bits;
        this.out = out;
        this.in = in;
        this.groupSize = groupSize;
        this.grids = grids;
        this.codes = new float[out * in];
        this.scales = new float[out * (in / groupSize)];
        this.zeros = new float[out * (in / groupSize)];
    }

    /**
     * Rounds.
     *
     * @param weight float32 [out, in]; changed
     * @param factor U, float32 [in, in]
     */
    @SuppressWarnings("try") // the scope frees what a block takes
    void run(NDArray weight, NDArray factor) {
        int width = blockWidth();
        for (int begin = 0; begin < in; begin += width) {
            try (Ops.Scope scope = ops.scope()) {
                if (groupSize > BLOCK && begin % groupSize == 0) {
                    start(begin / groupSize, weight.get(new NDIndex(":, " + begin + ":" + (begin + groupSize))));
                }
                round(weight, factor, begin, Math.min(begin + width, in));
            }
        }
    }

    /** About 128 columns, so that a group begins where a block does or lies within one. */
    private int blockWidth() {
        if (groupSize <= BLOCK) {
            return BLOCK / groupSize * groupSize;
        }
        int width = BLOCK;
        while (groupSize < in && groupSize % width != 0) {
            width--;
        }
        return width;
    }

    private void round(NDArray weight, NDArray factor, int begin, int end) {
        int width = end - begin;
        float[] columns =
                weight.get(new NDIndex(":, " + begin + ":" + end)).transpose().toFloatArray();
        String square = begin + ":" + end;
        float[] upper = factor.get(new NDIndex(square + ", " + square)).toFloatArray();
        float[] errors = new float[out * width];
        NDManager manager = weight.getManager();
        for (int j = 0; j < width; j++) {
            int column = begin + j;
            if (groupSize <= BLOCK && column % groupSize == 0) {
                start(column / groupSize, group(manager, columns, j));
            }
            for (int row = 0; row < out; row++) {
                errors[j * out + row] =
                        (columns[j * out + row] - rounded(columns[j * out + row], row, column)) / upper[j * width + j];
            }
            for (int k = j; k < width; k++) {
                float share = upper[j * width + k];
                for (int row = 0; row < out; row++) {
                    columns[k * out + row] -= errors[j * out + row] * share;
                }
            }
        }
        if (end < in) {
            NDArray behind = weight.get(new NDIndex(":, " + end + ":"));
            NDArray rest = factor.get(new NDIndex(square + ", " + end + ":"));
            NDArray change =
                    manager.create(errors, new Shape(width, out)).transpose().matMul(rest);
            weight.set(new NDIndex(":, " + end + ":"), behind.sub(change));
        }
    }

    private NDArray group(NDManager manager, float[] columns, int first) {
        float[] values = new float[out * groupSize];
        System.arraycopy(columns, first * out, values, 0, values.length);
        return manager.create(values, new Shape(groupSize, out)).transpose();
    }

    /** Fixes a group's grid from its weights [out, groupSize]. */
    private void start(int group, NDArray weights) {
        AffineGrid grid = grids.apply(weights.reshape(out, 1, groupSize));
        float[] found = grid.scales().toFloatArray();
        float[] offsets = grid.zeros().toFloatArray();
        int groups = in / groupSize;
        for (int row = 0; row < out; row++) {
            scales[row * groups + group] = found[row];
            zeros[row * groups + group] = offsets[row];
        }
    }

    /** The value of the nearest code, which is noted. */
    private float rounded(float value, int row, int column) {
        int group = row * (in / groupSize) + column / groupSize;
        float code = (float) Math.rint(value / scales[group]) + zeros[group];
        code = Math.max(0, Math.min((1 << bits) - 1, code));
        codes[row * in + column] = code;
        return (code - zeros[group]) * scales[group];
    }

    /** Codes [out, groups, groupSize], float32. */
    NDArray codes(NDManager manager) {
        return manager.create(codes, new Shape(out, in / groupSize, groupSize));
    }

    /** The grids of all groups. */
    AffineGrid grid(NDManager manager) {
        Shape shape = new Shape(out, in / groupSize, 1);
        return new AffineGrid(bits, manager.create(scales, shape), manager.create(zeros, shape));
    }
}
