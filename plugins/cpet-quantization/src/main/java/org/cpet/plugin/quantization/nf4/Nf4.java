package org.cpet.plugin.quantization.nf4;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.cpet.plugin.quantization.DenseTargets;
import org.cpet.spi.PluginContext;
import org.cpet.spi.compress.CalibrationData;
import org.cpet.spi.compress.CompressionReport;
import org.cpet.spi.compress.CompressionReport.SiteChange;
import org.cpet.spi.compress.Compressor;
import org.cpet.spi.model.LinearOp;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.LinearSpec;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.Ops;

/** Replaces linear layers by {@link Nf4Linear} and frees their floating-point weights, one layer after the other. */
final class Nf4 implements Compressor {
    private static final String NAME = "nf4";

    private final Nf4Options options;
    private final PluginContext context;
    private final DenseTargets targets;

    Nf4(Nf4Options options, PluginContext context) {
        this.options = options;
        this.context = context;
        this.targets = new DenseTargets(NAME, options.targetModules(), options.include());
    }

    @Override
    public ModelLayout plan(ModelLayout layout) {
        return targets.plan(layout, linear -> Nf4Format.spec(linear, options.doubleQuant()));
    }

    @Override
    public CompressionReport compress(TransformerModel model, CalibrationData calibration) {
        Set<String> chosen = targets.names(model.layout());
        List<SiteChange> changes = new ArrayList<>();
        for (LinearSite site : model.linears()) {
            if (chosen.contains(site.name())) {
                changes.add(quantize(site));
            }
        }
        return CompressionReport.of(NAME, changes);
    }

    private SiteChange quantize(LinearSite site) {
        Ops ops = context.ops();
        LinearSpec before = site.spec();
        LinearOp dense = site.op();
        try (Ops.Scope scope = ops.scope()) {
            NDArray weight = dense.weight();
            float[] values = ops.cast(weight, DataType.FLOAT32)
                    .toType(DataType.FLOAT32, false)
                    .toFloatArray();
            targets.requireFinite(site.name(), values);
            Nf4Blocks packed =
                    Nf4Blocks.pack(weight.getManager(), values, dense.out(), dense.in(), options.doubleQuant());
            Nf4Blocks kept = new Nf4Blocks(
                    packed.out(),
                    packed.in(),
                    ops.copy(packed.stream()),
                    new Magnitudes(packed.magnitudes().tensors().stream()
                            .map(ops::copy)
                            .toList()));
            site.replace(new Nf4Linear(ops, site.name(), kept, dense.bias()));
            return SiteChange.between(before, site);
        }
    }
}
