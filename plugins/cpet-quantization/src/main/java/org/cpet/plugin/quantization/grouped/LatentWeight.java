package org.cpet.plugin.quantization.grouped;

import ai.djl.ndarray.NDArray;
import org.cpet.spi.model.KeptIndices;
import org.cpet.spi.model.LinearOp;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.TrainableTensor;

/**
 * W of one layer, before rounding; merging takes the nearest codes.
 *
 * @param leaf float32 [out, in]
 */
record LatentWeight(LinearSite site, NDArray leaf) implements PackedLeaf {
    static final String SUFFIX = ".weight";

    @Override
    public TrainableTensor parameter() {
        return new TrainableTensor(site.name() + SUFFIX, leaf);
    }

    @Override
    public int wholeColumns(KeptIndices kept) {
        return kept.originalIn();
    }

    @Override
    public int[] columns(KeptIndices kept) {
        return kept.columns();
    }

    @Override
    public void attach() {
        linear().round(leaf);
    }

    @Override
    public void detach() {
        linear().unround();
    }

    @Override
    public LinearOp merged() {
        return linear().holding(leaf);
    }

    private GroupedLinear linear() {
        return PackedTargets.linear(Qat.NAME, site);
    }
}
