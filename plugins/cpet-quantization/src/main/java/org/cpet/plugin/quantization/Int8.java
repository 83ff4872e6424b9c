package org.cpet.plugin.quantization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.cpet.spi.InputException;
import org.cpet.spi.PluginContext;
import org.cpet.spi.compress.CalibrationData;
import org.cpet.spi.compress.CompressionReport;
import org.cpet.spi.compress.CompressionReport.SiteChange;
import org.cpet.spi.compress.CompressionTargets;
import org.cpet.spi.compress.Compressor;
import org.cpet.spi.compress.StorageRule;
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
        List<LinearSite> sites = model.linears().stream()
                .filter(site -> chosen.contains(site.name()))
                .toList();
        Map<String, float[]> scales = options.smooth()
                .map(alpha -> new Smoothing(context.ops(), alpha, options.calibrationRows())
                        .measure(model, sites, calibration))
                .orElse(Map.of());
        return CompressionReport.of(
                "int8",
                sites.stream()
                        .map(site -> quantize(site, Optional.ofNullable(scales.get(site.name()))))
                        .toList());
    }

    @Override
    public boolean needsCalibration() {
        return options.smooth().isPresent();
    }

    private SiteChange quantize(LinearSite site, Optional<float[]> smoothed) {
        Ops ops = context.ops();
        LinearSpec before = site.spec();
        try (Ops.Scope scope = ops.scope()) {
            NDArray weight = site.op().weight();
            List<NDArray> inputScale = smoothed.stream()
                    .map(values -> ops.copy(weight.getManager().create(values)))
                    .toList();
            NDArray wide = inputScale.isEmpty()
                    ? weight
                    : ops.cast(weight, DataType.FLOAT32).mul(inputScale.get(0));
            QuantizedRows rows = ops.quantizeRows(wide);
            checkFinite(site.name(), rows);
            site.replace(new Int8Linear(
                    ops,
                    site.name(),
                    rows,
                    site.op().bias(),
                    inputScale,
                    options.activations(),
                    options.outliers().map(limit -> new OutlierColumns(ops, limit))));
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
        StorageRule.dense("int8").check(targets.match(layout));
        return targets.names(layout);
    }

    /** One byte per weight, four per output channel for its scale, four for its bias, four per input column if smoothed. */
    private LinearSpec quantized(LinearSpec linear) {
        long perRow = linear.bias() ? 8L : 4L;
        long perColumn = options.smooth().isPresent() ? 4L : 0L;
        LinearSpec stored = linear.stored(
                "int8", (long) linear.out() * linear.in() + perRow * linear.out() + perColumn * linear.in());
        return options.activations() == Int8Activations.NONE
                ? stored.unpacked(Int8Linear.unpackedBytes(linear.out(), linear.in()))
                : stored;
    }
}
