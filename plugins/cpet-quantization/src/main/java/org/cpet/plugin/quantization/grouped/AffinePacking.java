package org.cpet.plugin.quantization.grouped;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.List;
import java.util.Optional;
import org.cpet.plugin.quantization.DenseTargets;
import org.cpet.plugin.quantization.WeightPacking;
import org.cpet.spi.PluginContext;
import org.cpet.spi.model.LinearOp;
import org.cpet.spi.model.LinearSpec;
import org.cpet.spi.tensor.Ops;

/** Round to nearest: every weight becomes the nearest number of its group's grid, see {@link AffineGrid}. */
public final class AffinePacking implements WeightPacking {
    private final GroupedForm form;
    private final RangeSearch range;
    private final DenseTargets targets;
    private final PluginContext context;

    /** @param targets refuses weights that are not finite */
    public AffinePacking(GroupedForm form, RangeSearch range, DenseTargets targets, PluginContext context) {
        this.form = form;
        this.range = range;
        this.targets = targets;
        this.context = context;
    }

    @Override
    public LinearSpec spec(LinearSpec linear) {
        return form.spec(linear);
    }

    @Override
    public LinearOp pack(String layer, NDArray weight, List<NDArray> bias) {
        Ops ops = context.ops();
        long out = weight.getShape().get(0);
        int in = (int) weight.getShape().get(1);
        GroupedForm own = form.of(in);
        NDArray groups = ops.cast(weight, DataType.FLOAT32).reshape(out, own.groups(in), -1);
        AffineGrid grid = AffineGrid.of(groups, own.bits(), range);
        targets.requireFinite(layer, grid.scales());
        GroupedCodes codes = GroupedCodes.pack(ops, own, grid.codes(groups), grid, Optional.empty());
        return new GroupedLinear(ops, layer, codes, bias);
    }
}
