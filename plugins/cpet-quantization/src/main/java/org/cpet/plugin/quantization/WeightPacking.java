package org.cpet.plugin.quantization;

import ai.djl.ndarray.NDArray;
import java.util.List;
import org.cpet.spi.model.LinearOp;
import org.cpet.spi.model.LinearSpec;

/** A way to pack one weight by itself. */
public interface WeightPacking {
    /** The layer held in this form; refuses a shape that does not fit. */
    LinearSpec spec(LinearSpec linear);

    /**
     * The packed layer, which outlives the scope that is open.
     *
     * @param weight [out, in]; not changed
     * @param bias [out] or nothing; not owned
     */
    LinearOp pack(String layer, NDArray weight, List<NDArray> bias);
}
