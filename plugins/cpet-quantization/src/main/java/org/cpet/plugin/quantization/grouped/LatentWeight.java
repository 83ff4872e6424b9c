package org.cpet.plugin.quantization.grouped;

import ai.djl.ndarray.NDArray;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.TrainableTensor;

/**
 * W of one layer, before rounding.
 *
 * @param leaf float32 [out, in]
 */
record LatentWeight(LinearSite site, NDArray leaf) {
    static final String SUFFIX = ".weight";

    TrainableTensor parameter() {
        return new TrainableTensor(site.name() + SUFFIX, leaf);
    }

    GroupedLinear linear() {
        return PackedTargets.linear(Qat.NAME, site);
    }
}
