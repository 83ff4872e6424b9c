package org.cpet.plugin.quantization.grouped;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.cpet.spi.tensor.Ops;

/**
 * H = 2/N · Σ xᵀx over the N counted inputs x [in] of a layer.
 *
 * @param sum Σ xᵀx, float32 [in, in]
 * @param tokens N, float64 []
 */
record Hessian(NDArray sum, NDArray tokens) {
    static Hessian zero(NDManager owner, int in) {
        return new Hessian(owner.zeros(new Shape(in, in)), owner.zeros(new Shape(), DataType.FLOAT64));
    }

    /**
     * Adds a layer's input.
     *
     * @param x [batch, tokens, in]
     * @param counted which tokens are real; padding may hold anything and is replaced
     */
    void add(Ops ops, NDArray x, NDArray counted) {
        NDArray rows = ops.cast(x, DataType.FLOAT32).reshape(-1, sum.getShape().get(0));
        // a classifier reads one vector of each row, which always counts
        boolean all = counted.size() != rows.getShape().get(0);
        NDArray real = counted.reshape(-1, 1);
        NDArray used = all ? rows : NDArrays.where(real.broadcast(rows.getShape()), rows, rows.zerosLike());
        sum.addi(used.transpose().matMul(used));
        tokens.addi(
                all
                        ? rows.getShape().get(0)
                        : ops.cast(counted, DataType.FLOAT64).sum().getDouble());
    }

    /** H; its diagonal is 1 where an input never moved. */
    NDArray value(float count) {
        NDArray h = sum.mul(2 / count);
        NDArray dead = diagonal(h).eq(0);
        return h.add(dead.toType(DataType.FLOAT32, true).reshape(-1, 1).mul(identity()));
    }

    private NDArray identity() {
        return sum.getManager().eye((int) sum.getShape().get(0));
    }

    /** The diagonal of a square matrix. */
    static NDArray diagonal(NDArray square) {
        int size = (int) square.getShape().get(0);
        return square.mul(square.getManager().eye(size)).sum(new int[] {1});
    }
}
