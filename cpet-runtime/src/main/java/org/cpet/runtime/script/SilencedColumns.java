package org.cpet.runtime.script;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.cpet.spi.model.LinearSite;

/** Zeros in a layer's input where heads or neurons are taken as removed. */
final class SilencedColumns {
    private SilencedColumns() {}

    /** @param kept columns that stay as they are */
    static void before(LinearSite site, int[] kept, NDManager manager) {
        float[] values = new float[site.op().in()];
        for (int column : kept) {
            values[column] = 1;
        }
        NDArray mask = manager.create(values, new Shape(values.length));
        site.addInput((x, mode) -> x.mul(mask.toType(x.getDataType(), false)));
    }
}
