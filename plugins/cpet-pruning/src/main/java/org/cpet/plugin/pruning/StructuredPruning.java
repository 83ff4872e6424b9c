package org.cpet.plugin.pruning;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cpet.spi.PluginContext;
import org.cpet.spi.compress.CalibrationData;
import org.cpet.spi.compress.CompressionReport;
import org.cpet.spi.compress.CompressionReport.SiteChange;
import org.cpet.spi.compress.Compressor;
import org.cpet.spi.model.AttentionSite;
import org.cpet.spi.model.FeedForwardSite;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.LinearSpec;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.Ops;

/**
 * Removes whole key/value groups (with their query heads) and whole FFN neurons. Of n units round(n (1 − s)) stay, halves
 * to even, at least one; every layer loses the same share; what is left is not rescaled.
 */
final class StructuredPruning implements Compressor {
    private final StructuredPruningOptions options;
    private final PluginContext context;

    StructuredPruning(StructuredPruningOptions options, PluginContext context) {
        this.options = options;
        this.context = context;
    }

    @Override
    public ModelLayout plan(ModelLayout layout) {
        return options.keep()
                .map(file -> KeptFile.read(file, layout).narrow(layout))
                .orElseGet(() -> KeptUnits.narrow(
                        layout,
                        block -> Shares.kept(block.groups(), options.heads()),
                        block -> Shares.kept(block.units(), options.ffn())));
    }

    @Override
    public boolean needsCalibration() {
        return options.keep().isEmpty()
                && options.criterion() == Criterion.ACTIVATION
                && (options.heads() > 0 || options.ffn() > 0);
    }

    @Override
    public CompressionReport compress(TransformerModel model, CalibrationData calibration) {
        KeptUnits kept = options.keep()
                .map(file -> KeptFile.read(file, model.layout()))
                .orElseGet(() -> strongest(model, calibration));
        if (kept.groups().isEmpty() && kept.units().isEmpty()) {
            context.notice("structured_pruning removes nothing: heads and ffn are 0, or keep lists no module");
        }
        Map<String, LinearSpec> before =
                model.linears().stream().collect(Collectors.toMap(LinearSite::name, LinearSite::spec));
        Map<String, int[]> groups = new LinkedHashMap<>();
        for (AttentionSite block : model.attentions()) {
            int[] left = kept.groupsOf(block.spec());
            groups.put(block.name(), left);
            if (left.length < block.groups()) {
                block.keepGroups(left);
            }
        }
        Map<String, int[]> units = new LinkedHashMap<>();
        for (FeedForwardSite block : model.feedForwards()) {
            int[] left = kept.unitsOf(block.spec());
            units.put(block.name(), left);
            if (left.length < block.units()) {
                block.keepUnits(left);
            }
        }
        return new CompressionReport("structured_pruning", changes(model, before), groups, units);
    }

    private KeptUnits strongest(TransformerModel model, CalibrationData calibration) {
        Map<String, double[]> energy = energy(model, calibration);
        Map<String, int[]> groups = new HashMap<>();
        for (AttentionSite block : model.attentions()) {
            int left = Shares.kept(block.groups(), options.heads());
            if (left < block.groups()) {
                groups.put(block.name(), strongest(block.output(), energy, block.groups(), left));
            }
        }
        Map<String, int[]> units = new HashMap<>();
        for (FeedForwardSite block : model.feedForwards()) {
            int left = Shares.kept(block.units(), options.ffn());
            if (left < block.units()) {
                units.put(block.name(), strongest(block.out(), energy, block.units(), left));
            }
        }
        return new KeptUnits(groups, units);
    }

    private int[] strongest(LinearSite reader, Map<String, double[]> energy, int units, int left) {
        double[] weights = energy.getOrDefault(reader.name(), ones(reader.op().in()));
        return UnitScores.strongest(UnitScores.of(context.ops(), reader, weights, units), left);
    }

    /** Measured where it decides something; empty where the weights alone do. */
    private Map<String, double[]> energy(TransformerModel model, CalibrationData calibration) {
        if (!needsCalibration()) {
            return Map.of();
        }
        List<LinearSite> readers = Stream.concat(
                        model.attentions().stream()
                                .filter(a -> options.heads() > 0)
                                .map(AttentionSite::output),
                        model.feedForwards().stream()
                                .filter(f -> options.ffn() > 0)
                                .map(FeedForwardSite::out))
                .toList();
        return new ActivationEnergy(context.ops(), model, options.calibrationRows()).measure(readers, calibration);
    }

    private List<SiteChange> changes(TransformerModel model, Map<String, LinearSpec> before) {
        List<SiteChange> changes = new ArrayList<>();
        Ops ops = context.ops();
        for (LinearSite site : model.linears()) {
            LinearSpec was = before.get(site.name());
            if (was != null && !was.equals(site.spec())) {
                try (Ops.Scope scope = ops.scope()) {
                    changes.add(SiteChange.between(was, site));
                }
            }
        }
        return changes;
    }

    private static double[] ones(int count) {
        double[] ones = new double[count];
        Arrays.fill(ones, 1);
        return ones;
    }
}
