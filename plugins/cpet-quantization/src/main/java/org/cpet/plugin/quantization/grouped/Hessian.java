package org.cpet.plugin.quantization.grouped;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

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

    /** Adds inputs [tokens, in], float32. */
    void add(NDArray inputs) {
        sum.addi(inputs.transpose().matMul(inputs));
        tokens.addi(inputs.getShape().get(0));
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
