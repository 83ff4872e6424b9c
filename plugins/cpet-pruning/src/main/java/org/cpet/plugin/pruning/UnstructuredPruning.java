package org.cpet.plugin.pruning;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
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
import org.cpet.spi.model.DenseLinear;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.LinearSpec;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.Ops;

/**
 * Magnitude pruning: W' = W ⊙ m with m in {0, 1}. A sparsity s sets the floor(n s) smallest |w| of each matrix to zero; a
 * pattern n:m keeps the n largest of every m weights along the input. Equal magnitudes keep the first. Shapes and storage
 * stay; the zeros stay too, because frozen weights never change.
 */
final class UnstructuredPruning implements Compressor {
    private static final String NAME = "unstructured_pruning";
    private static final Set<String> DENSE = Set.of("float32", "float16", "bfloat16", "float64");

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
    public CompressionReport compress(TransformerModel model, CalibrationData calibration) {
        Set<String> chosen = chosen(model.layout());
        List<SiteChange> changes = new ArrayList<>();
        for (LinearSite site : model.linears()) {
            if (chosen.contains(site.name())) {
                changes.add(prune(site));
            }
        }
        return CompressionReport.of(NAME, changes);
    }

    private SiteChange prune(LinearSite site) {
        if (!(site.op() instanceof DenseLinear dense)) {
            throw tooLate(site.spec());
        }
        Ops ops = context.ops();
        LinearSpec before = site.spec();
        try (Ops.Scope scope = ops.scope()) {
            NDArray weight = dense.weight();
            float[] values = ops.cast(weight, DataType.FLOAT32).toFloatArray();
            clear(values, mask(site.name(), values, dense.in()));
            NDArray pruned = weight.getManager().create(values, weight.getShape());
            site.replace(dense.withWeight(ops.copy(ops.cast(pruned, weight.getDataType()))));
            return SiteChange.between(before, site);
        }
    }

    private boolean[] mask(String layer, float[] values, int columns) {
        if (!MagnitudeMask.finite(values)) {
            throw new InputException(
                    NAME + ": weight of layer " + layer + "; found NaN or infinity; allowed finite numbers");
        }
        return options.pattern()
                .map(pattern -> MagnitudeMask.groups(values, columns, GroupPattern.parse(pattern)))
                .orElseGet(() -> MagnitudeMask.smallest(
                        values, Shares.removed(values.length, options.sparsity().orElse(0.0))));
    }

    private static void clear(float[] values, boolean[] kept) {
        for (int i = 0; i < values.length; i++) {
            if (!kept[i]) {
                values[i] = 0;
            }
        }
    }

    private Set<String> chosen(ModelLayout layout) {
        targets.match(layout).stream()
                .filter(linear -> !DENSE.contains(linear.storage()))
                .findFirst()
                .ifPresent(linear -> {
                    throw tooLate(linear);
                });
        return targets.names(layout);
    }

    /** Zeroing codes would be possible, but the scales would still be those of the weights that went. */
    private static CpetException tooLate(LinearSpec linear) {
        return new CpetException(
                ExitCode.RECIPE,
                NAME + " after " + linear.storage() + ": layer " + linear.name() + " is held as " + linear.storage()
                        + "; put " + NAME + " before it");
    }
}
