package org.cpet.plugin.pruning;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.cpet.spi.OptionException;
import org.cpet.spi.PluginContext;
import org.cpet.spi.compress.CalibrationData;
import org.cpet.spi.compress.CompressionReport;
import org.cpet.spi.compress.CompressionReport.SiteChange;
import org.cpet.spi.compress.CompressionTargets;
import org.cpet.spi.compress.Compressor;
import org.cpet.spi.compress.StorageRule;
import org.cpet.spi.model.DenseLinear;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.LinearSpec;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.Ops;

/**
 * W' = W ⊙ m with m in {0, 1}. A sparsity s sets the floor(n s) weights with the smallest scores to zero, of the n of the
 * model, a layer, a matrix or a row; a pattern n:m keeps the n best of every m weights along the input. Equal scores keep
 * the first. A score is |w|, or with Wanda |w| times the norm of its input, measured after the layers before were pruned
 * (before any was, where the whole model is compared). Shapes and storage stay; the zeros stay too, because frozen weights
 * never change.
 */
final class UnstructuredPruning implements Compressor {
    private static final String NAME = "unstructured_pruning";

    private final UnstructuredPruningOptions options;
    private final PluginContext context;
    private final CompressionTargets targets;

    UnstructuredPruning(UnstructuredPruningOptions options, PluginContext context) {
        this.options = options;
        this.context = context;
        this.targets = new CompressionTargets(options.targetModules(), options.include());
    }

    @Override
    public ModelLayout plan(ModelLayout layout) {
        chosen(layout);
        return layout;
    }

    @Override
    public boolean needsCalibration() {
        return options.criterion() == WeightCriterion.WANDA;
    }

    @Override
    public CompressionReport compress(TransformerModel model, CalibrationData calibration) {
        Set<String> chosen = chosen(model.layout());
        List<LinearSite> sites = model.linears().stream()
                .filter(site -> chosen.contains(site.name()))
                .toList();
        Map<String, SiteChange> changes = new LinkedHashMap<>();
        for (List<LinearSite> step : steps(sites)) {
            WeightScores scores = new WeightScores(context.ops(), Map.of());
            if (needsCalibration()) {
                ActivationEnergy energy = new ActivationEnergy(NAME, context.ops(), model, options.calibrationRows());
                scores = WeightScores.of(context.ops(), energy.measure(step, calibration));
            }
            new WeightMasks(options, scores).of(step, (site, kept) -> changes.put(site.name(), prune(site, kept)));
        }
        return CompressionReport.of(
                NAME,
                sites.stream()
                        .map(LinearSite::name)
                        .map(changes::get)
                        .filter(Objects::nonNull)
                        .toList());
    }

    /** What is measured and pruned at once: inputs change with the layers before, so Wanda goes layer by layer. */
    private Collection<List<LinearSite>> steps(List<LinearSite> sites) {
        return needsCalibration() && options.place() != PruningScope.MODEL
                ? WeightMasks.byLayer(sites).values()
                : List.of(sites);
    }

    private SiteChange prune(LinearSite site, boolean[] kept) {
        Ops ops = context.ops();
        LinearSpec before = site.spec();
        try (Ops.Scope scope = ops.scope()) {
            DenseLinear dense = (DenseLinear) site.op();
            NDArray weight = dense.weight();
            float[] values = ops.cast(weight, DataType.FLOAT32).toFloatArray();
            clear(values, kept);
            NDArray pruned = weight.getManager().create(values, weight.getShape());
            site.replace(dense.withWeight(ops.copy(ops.cast(pruned, weight.getDataType()))));
            return SiteChange.between(before, site);
        }
    }

    private static void clear(float[] values, boolean[] kept) {
        for (int i = 0; i < values.length; i++) {
            if (!kept[i]) {
                values[i] = 0;
            }
        }
    }

    private Set<String> chosen(ModelLayout layout) {
        List<LinearSpec> chosen = targets.match(layout);
        // zeroing codes would be possible, but the scales would still be those of the weights that went
        StorageRule.dense(NAME).check(chosen);
        options.pattern()
                .map(GroupPattern::parse)
                .filter(GroupPattern::square)
                .ifPresent(pattern -> chosen.stream()
                        .filter(linear -> linear.out() % pattern.size() != 0 || linear.in() % pattern.size() != 0)
                        .findFirst()
                        .ifPresent(linear -> {
                            throw new OptionException("pattern: 2d needs matrices whose sides are multiples of "
                                    + pattern.size() + "; found layer " + linear.name() + " [" + linear.out() + ", "
                                    + linear.in() + "]; allowed 1d, which fills short groups up");
                        }));
        return targets.names(layout);
    }
}
