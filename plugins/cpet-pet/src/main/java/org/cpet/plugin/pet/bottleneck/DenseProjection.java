package org.cpet.plugin.pet.bottleneck;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import org.cpet.plugin.pet.part.Axis;
import org.cpet.plugin.pet.part.PartTensor;
import org.cpet.spi.PluginContext;
import org.cpet.spi.tensor.Initializers;

/**
 * A full matrix, normal with deviation 0.01 at the start, and a bias of zeros (Houlsby et al. 2019, section 2.1: near the
 * identity).
 *
 * @param matrix W [out, in]
 */
public record DenseProjection(PartTensor matrix, PartTensor bias) implements Projection {
    private static final double DEVIATION = 0.01;

    /** A fresh projection; its tensors are called {@code name.weight} and {@code name.bias}. */
    public static DenseProjection of(PluginContext context, NDManager manager, String name, Axis out, Axis in) {
        String weight = name + ".weight";
        return new DenseProjection(
                PartTensor.of(
                        context.ops(),
                        manager,
                        weight,
                        List.of(out, in),
                        (owner, shape) -> Initializers.normal(owner, shape, DEVIATION, context.random(weight))),
                PartTensor.of(context.ops(), manager, name + ".bias", List.of(out), NDManager::zeros));
    }

    /** Parameters of a projection from {@code in} to {@code out}. */
    public static long size(long in, long out) {
        return out * in + out;
    }

    @Override
    public NDArray weight() {
        return matrix.value();
    }

    @Override
    public List<PartTensor> tensors() {
        return List.of(matrix, bias);
    }
}
