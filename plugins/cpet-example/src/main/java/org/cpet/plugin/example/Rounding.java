package org.cpet.plugin.example;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.PluginContext;
import org.cpet.spi.compress.CalibrationData;
import org.cpet.spi.compress.CompressionReport;
import org.cpet.spi.compress.CompressionReport.SiteChange;
import org.cpet.spi.compress.CompressionTargets;
import org.cpet.spi.compress.Compressor;
import org.cpet.spi.model.DenseLinear;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.LinearSpec;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.Ops;

/** Puts every weight on a grid: W' = step · round(W / step), halves to even; shapes and storage stay. */
final class Rounding implements Compressor {
    private final RoundingOptions options;
    private final PluginContext context;
    private final CompressionTargets targets;

    Rounding(RoundingOptions options, PluginContext context) {
        this.options = options;
        this.context = context;
        this.targets = new CompressionTargets(options.targetModules(), options.include());
    }

    /**
     * What {@link #compress} will make of a model's shapes, for {@code cpet plan}. Nothing changes shape here, but a target
     * that matches nothing must come to light: {@link CompressionTargets#names} throws then.
     */
    @Override
    public ModelLayout plan(ModelLayout layout) {
        targets.names(layout);
        return layout;
    }

    @Override
    public CompressionReport compress(TransformerModel model, CalibrationData calibration) {
        Set<String> chosen = targets.names(model.layout());
        List<SiteChange> changes = new ArrayList<>();
        // A model is a list of sites with Hugging Face's names. A compressor changes what stands in a site, nothing
        // else.
        for (LinearSite site : model.linears()) {
            if (chosen.contains(site.name())) {
                changes.add(round(site));
            }
        }
        return CompressionReport.of("rounding", changes);
    }

    private SiteChange round(LinearSite site) {
        // Another compressor may have been here first; say so instead of guessing what its layer means.
        if (!(site.op() instanceof DenseLinear dense)) {
            throw new CpetException(
                    ExitCode.RECIPE,
                    "rounding: layer " + site.name() + " is held as "
                            + site.op().storage() + "; put rounding before it");
        }
        LinearSpec before = site.spec();
        Ops ops = context.ops();
        // Every tensor made while a scope is open is freed when it closes ...
        try (Ops.Scope scope = ops.scope()) {
            NDArray rounded = dense.weight().div(options.step()).round().mul(options.step());
            // ... but copies of weights belong to the model, and replace() frees the weight that was there.
            site.replace(dense.withWeight(ops.copy(rounded)));
            return SiteChange.between(before, site);
        }
    }
}
