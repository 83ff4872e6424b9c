package org.cpet.plugin.quantization.nf4;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.List;
import org.cpet.plugin.quantization.DenseTargets;
import org.cpet.plugin.quantization.WeightPacking;
import org.cpet.spi.PluginContext;
import org.cpet.spi.model.LinearOp;
import org.cpet.spi.model.LinearSpec;
import org.cpet.spi.tensor.Ops;

/** Every weight becomes the nearest of sixteen quantiles times its block's largest magnitude, see {@link Nf4Blocks}. */
public final class Nf4Packing implements WeightPacking {
    private final boolean doubleQuant;
    private final DenseTargets targets;
    private final PluginContext context;

    /** @param targets refuses weights that are not finite */
    public Nf4Packing(boolean doubleQuant, DenseTargets targets, PluginContext context) {
        this.doubleQuant = doubleQuant;
        this.targets = targets;
        this.context = context;
    }

    @Override
    public LinearSpec spec(LinearSpec linear) {
        return Nf4Format.spec(linear, doubleQuant);
    }

    @Override
    public LinearOp pack(String layer, NDArray weight, List<NDArray> bias) {
        Ops ops = context.ops();
        float[] values = ops.cast(weight, DataType.FLOAT32)
                .toType(DataType.FLOAT32, false)
                .toFloatArray();
        targets.requireFinite(layer, values);
        int out = (int) weight.getShape().get(0);
        int in = (int) weight.getShape().get(1);
        Nf4Blocks packed = Nf4Blocks.pack(weight.getManager(), values, out, in, doubleQuant);
        Magnitudes magnitudes = new Magnitudes(
                packed.magnitudes().tensors().stream().map(ops::copy).toList());
        return new Nf4Linear(ops, layer, new Nf4Blocks(out, in, ops.copy(packed.stream()), magnitudes), bias);
    }
}
