package org.cpet.plugin.quantization.grouped;

import ai.djl.ndarray.NDArray;
import org.cpet.spi.model.KeptIndices;
import org.cpet.spi.model.LinearOp;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.TrainableTensor;

/** What one packed layer trains: a matrix with the layer's rows, and columns or groups of columns. */
interface PackedLeaf {
    LinearSite site();

    /** float32 [out, in] or [out, groups]. */
    NDArray leaf();

    TrainableTensor parameter();

    /** Columns that the leaf would have on the whole layer. */
    int wholeColumns(KeptIndices kept);

    /** Which of those it has. */
    int[] columns(KeptIndices kept);

    /** The layer computes with the leaf from now on. */
    void attach();

    /** The layer computes without it again. */
    void detach();

    /** The layer with the leaf in its codes or scales. */
    LinearOp merged();
}
