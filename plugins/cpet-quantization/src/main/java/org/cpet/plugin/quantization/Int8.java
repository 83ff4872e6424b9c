package org.cpet.plugin.quantization;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.InputException;
import org.cpet.spi.PluginContext;
import org.cpet.spi.compress.CalibrationData;
import org.cpet.spi.compress.CompressionReport;
import org.cpet.spi.compress.CompressionReport.SiteChange;
import org.cpet.spi.compress.CompressionTargets;
import org.cpet.spi.compress.Compressor;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.LinearSpec;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.Ops;
import org.cpet.spi.tensor.QuantizedRows;

/** Replaces linear layers by {@link Int8Linear} and frees their floating-point weights, one layer after the other. */
final class Int8 implements Compressor {
    private final Int8Options options;
    private final PluginContext context;
    private final CompressionTargets targets;

    Int8(Int8Options options, PluginContext context) {
        this.options = options;
        this.context = context;
        this.targets = new CompressionTargets(options.targetModules(), options.include());
    }

    @Override
    public ModelLayout plan(ModelLayout layout) {
        Set<String> chosen = chosen(layout);
        return layout.mapLinears(linear -> chosen.contains(linear.name()) ? quantized(linear) : linear);
    }

    @Override
    public CompressionReport compress(TransformerModel model, CalibrationData calibration) {
        Set<String> chosen = chosen(model.layout());
        List<SiteChange> changes = new ArrayList<>();
        for (LinearSite site : model.linears()) {
            if (chosen.contains(site.name())) {
                changes.add(quantize(site));
            }
        }
        return CompressionReport.of("int8", changes);
    }

    private SiteChange quantize(LinearSite site) {
        Ops ops = context.ops();
        LinearSpec before = site.spec();
        try (Ops.Scope scope = ops.scope()) {
            QuantizedRows rows = ops.quantizeRows(site.op().weight());
            checkFinite(site.name(), rows);
            site.replace(new Int8Linear(ops, site.name(), rows, site.op().bias(), options.activations()));
            return SiteChange.between(before, site);
        }
    }

    /** One scale per row says it all: a weight that is not finite makes its row's scale not finite. */
    private static void checkFinite(String layer, QuantizedRows rows) {
        for (float scale : rows.scales().toFloatArray()) {
            if (!Float.isFinite(scale)) {
                rows.close();
                throw new InputException(
                        "int8: weight of layer " + layer + "; found NaN or infinity; allowed finite numbers");
            }
        }
    }

    private Set<String> chosen(ModelLayout layout) {
        List<LinearSpec> matched = targets.match(layout);
        matched.stream()
                .filter(linear -> linear.storage().equals("int8"))
                .findFirst()
                .ifPresent(linear -> {
                    throw new CpetException(
                            ExitCode.RECIPE,
                            "int8: layer " + linear.name() + " is int8 already; allowed once per layer");
                });
        return targets.names(layout);
    }

    /** One byte per weight, four per output channel for its scale, four for its bias. */
    private static LinearSpec quantized(LinearSpec linear) {
        long perRow = linear.bias() ? 8L : 4L;
        return linear.stored("int8", (long) linear.out() * linear.in() + perRow * linear.out());
    }
}
