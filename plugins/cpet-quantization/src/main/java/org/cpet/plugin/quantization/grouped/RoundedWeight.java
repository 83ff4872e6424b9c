package org.cpet.plugin.quantization.grouped;

import ai.djl.ndarray.NDArray;
import org.cpet.spi.tensor.Ops;

/**
 * Q(W) = s (clip(round(W / s) + z, 0, 2^b − 1) − z) on a layer's own grid.
 *
 * @param weight W [out, in], not rounded
 */
record RoundedWeight(Ops ops, GroupedCodes layer, NDArray weight) {
    /** The codes, in the stored order [out, groups, columns of a group]. */
    NDArray codes() {
        return grid().codes(stored());
    }

    /** Codes less zero points, in the stored order [out, groups, columns of a group]. */
    NDArray integers() {
        AffineGrid grid = grid();
        return grid.codes(stored()).sub(grid.zeros());
    }

    /** Q(W) [out, in]. */
    NDArray values() {
        return layer.scaled(integers(), scales());
    }

    /** s [out, groups] in W's type. */
    NDArray scales() {
        return ops.cast(layer.scales(), weight.getDataType());
    }

    /** 1 where W lies on the grid, 0 where it lies beyond its ends; [out, in] in W's type. */
    NDArray within() {
        NDArray steps = grid().steps(stored());
        NDArray inside = steps.gte(0).logicalAnd(steps.lte((1 << layer.form().bits()) - 1));
        return layer.inOrder(ops.cast(inside, weight.getDataType()).reshape(layer.out(), layer.in()));
    }

    private AffineGrid grid() {
        return layer.grid(ops, weight.getDataType());
    }

    private NDArray stored() {
        return layer.asStored(weight).reshape(layer.out(), layer.groups(), -1);
    }
}
