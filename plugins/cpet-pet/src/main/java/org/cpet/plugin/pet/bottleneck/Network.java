package org.cpet.plugin.pet.bottleneck;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.stream.Stream;
import org.cpet.plugin.pet.part.Numbers;
import org.cpet.plugin.pet.part.PartTensor;
import org.cpet.spi.tensor.Activation;
import org.cpet.spi.tensor.Ops;

/**
 * f(x) = scale · (σ(x Dᵀ + d) Uᵀ + u) with D [b, in], d [b], U [out, b], u [out]; computed in the type of the masters, given
 * back in that of x.
 */
public record Network(Ops ops, Projection down, Activation activation, Projection up, double scale) {
    /** f(x) [.., out] of x [.., in]. */
    public NDArray apply(NDArray x) {
        NDArray inner = ops.activation(ops.linear(x, down.weight(), down.bias().value()), activation);
        NDArray outer = ops.linear(inner, up.weight(), up.bias().value());
        return Numbers.like(ops, scale == 1 ? outer : ops.scale(outer, scale), x);
    }

    /** What is trained. */
    public List<PartTensor> tensors() {
        return Stream.concat(down.tensors().stream(), up.tensors().stream()).toList();
    }
}
