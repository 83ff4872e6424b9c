package org.cpet.plugin.quantization.grouped;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.cpet.plugin.quantization.DenseTargets;
import org.cpet.spi.PluginContext;
import org.cpet.spi.compress.CalibrationData;
import org.cpet.spi.compress.CompressionReport;
import org.cpet.spi.compress.CompressionReport.SiteChange;
import org.cpet.spi.compress.Compressor;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.LinearSpec;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.Ops;

/** Round to nearest: every weight becomes the nearest number of its group's grid, see {@link AffineGrid}. */
final class Rtn implements Compressor {
    private static final String NAME = "rtn";

    private final RtnOptions options;
    private final PluginContext context;
    private final DenseTargets targets;

    Rtn(RtnOptions options, PluginContext context) {
        this.options = options;
        this.context = context;
        this.targets = new DenseTargets(NAME, options.targetModules(), options.include());
    }

    @Override
    public ModelLayout plan(ModelLayout layout) {
        return targets.plan(layout, options.form()::spec);
    }

    @Override
    public CompressionReport compress(TransformerModel model, CalibrationData calibration) {
        plan(model.layout());
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
        try (Ops.Scope scope = ops.scope()) {
            GroupedForm form = options.form().of(site.op().in());
            NDArray weight = ops.cast(site.op().weight(), DataType.FLOAT32)
                    .reshape(site.op().out(), form.groups(site.op().in()), -1);
            AffineGrid grid = AffineGrid.of(weight, form.bits(), options.range());
            targets.requireFinite(site.name(), grid.scales());
            GroupedCodes codes = GroupedCodes.pack(ops, form, grid.codes(weight), grid, Optional.empty());
            site.replace(new GroupedLinear(ops, site.name(), codes, site.op().bias()));
            return SiteChange.between(before, site);
        }
    }
}
