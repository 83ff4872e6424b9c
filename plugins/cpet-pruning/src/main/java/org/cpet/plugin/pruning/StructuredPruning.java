package org.cpet.plugin.pruning;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
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
 * to even, at least one; what is left is not rescaled. Every layer loses the same share, or with a free allocation as many
 * in all go, wherever they matter least.
 */
final class StructuredPruning implements Compressor {
    private final StructuredPruningOptions options;
    private final PluginContext context;

    StructuredPruning(StructuredPruningOptions options, PluginContext context) {
        this.options = options;
        this.context = context;
    }

    /** With a free allocation the widths of single layers are known only from the weights; their sums are foreseen. */
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
        return options.keep().isEmpty() && options.criterion() != Criterion.MAGNITUDE && options.removes();
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
        UnitImportance.Scores scores =
                new UnitImportance(options, context, model, calibration).of(options.heads() > 0, options.ffn() > 0);
        return new KeptUnits(
                UnitSelection.of(scores.groups(), options.heads(), options.allocation()),
                UnitSelection.of(scores.units(), options.ffn(), options.allocation()));
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
}
