package org.cpet.plugin.models;

import ai.djl.ndarray.NDArray;
import org.cpet.spi.model.ModelTensor;
import org.cpet.spi.tensor.Ops;

/** (x − mean) / √(variance + ε) · weight + bias over the last axis. */
public record LayerNorm(Ops ops, ModelTensor weight, ModelTensor bias, double epsilon) {
    /** The norm of that name. */
    public static LayerNorm of(ModelSites sites, String name, double epsilon) {
        return new LayerNorm(sites.ops(), sites.tensor(name + ".weight"), sites.tensor(name + ".bias"), epsilon);
    }

    public NDArray apply(NDArray x) {
        return ops.layerNorm(x, weight.value(), bias.value(), epsilon);
    }
}
