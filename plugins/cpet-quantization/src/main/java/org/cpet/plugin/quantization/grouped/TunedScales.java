package org.cpet.plugin.quantization.grouped;

import ai.djl.ndarray.NDArray;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.TrainableTensor;

/**
 * Δs of one layer.
 *
 * @param leaf float32 [out, groups]
 */
record TunedScales(LinearSite site, NDArray leaf) {
    static final String SUFFIX = ".scale_delta";

    TrainableTensor parameter() {
        return new TrainableTensor(site.name() + SUFFIX, leaf);
    }

    GroupedLinear linear() {
        return PackedTargets.linear(Peqa.NAME, site);
    }
}
