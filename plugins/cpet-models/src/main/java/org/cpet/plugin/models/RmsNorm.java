package org.cpet.plugin.models;

import ai.djl.ndarray.NDArray;
import org.cpet.spi.model.ModelTensor;
import org.cpet.spi.tensor.Ops;

/** x · rsqrt(mean(x²) + ε) · weight over the last axis. */
public record RmsNorm(Ops ops, ModelTensor weight, double epsilon) {
    /** The norm of that name. */
    public static RmsNorm of(ModelSites sites, String name, double epsilon) {
        return new RmsNorm(sites.ops(), sites.tensor(name + ".weight"), epsilon);
    }

    public NDArray apply(NDArray x) {
        return ops.rmsNorm(x, weight.value(), epsilon);
    }
}
