package org.cpet.plugin.pruning;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cpet.spi.PluginContext;
import org.cpet.spi.compress.CalibrationData;
import org.cpet.spi.compress.CompressionReport;
import org.cpet.spi.compress.CompressionReport.SiteChange;
import org.cpet.spi.compress.Compressor;
import org.cpet.spi.compress.StorageRule;
import org.cpet.spi.model.AttentionSite;
import org.cpet.spi.model.FeedForwardSite;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.LinearSpec;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.Ops;

/**
 * Removes whole key/value groups (with their query heads), FFN neurons, layers and hidden channels. Of n units round(n (1 −
 * s)) stay, halves to even, at least one; what is left is not rescaled. Every layer loses the same share, or with a free
 * allocation as many in all go, wherever they matter least. All scores are taken on the whole model.
 */
final class StructuredPruning implements Compressor {
    private static final String NAME = "structured_pruning";

    private final StructuredPruningOptions options;
    private final PluginContext context;

    StructuredPruning(StructuredPruningOptions options, PluginContext context) {
        this.options = options;
        this.context = context;
    }

    /**
     * With a free allocation the widths of single layers, and with layers removed their names, are known only from the
     * weights; what they sum up to is foreseen.
     */
    @Override
    public ModelLayout plan(ModelLayout layout) {
        ModelLayout planned = narrowed(layout);
        StorageRule rule = StorageRule.movable(StructuredPruningFactory.NAME);
        Map<String, StorageRule> ofHeads = new HashMap<>();
        layout.attentions().forEach(block -> ofHeads.put(block.output(), rule.inRunsOf(block.headDim())));
        for (LinearSpec left : planned.linears()) {
            LinearSpec before = layout.linear(left.name());
            if (left.in() < before.in()) {
                ofHeads.getOrDefault(left.name(), rule).check(List.of(before));
            }
        }
        return planned;
    }

    private ModelLayout narrowed(ModelLayout layout) {
        return options.keep()
                .map(file -> KeptFile.read(file, layout).narrow(layout))
                .orElseGet(() -> shares(layout));
    }

    private ModelLayout shares(ModelLayout layout) {
        ModelLayout left =
                options.layers() == 0 ? layout : layout.keepLayers(LayerSelection.first(layout, options.layers()));
        ModelLayout narrowed = left.narrow(
                block -> Shares.kept(block.groups(), options.heads()),
                block -> Shares.kept(block.units(), options.ffn()));
        int channels = Shares.kept(layout.hiddenSize(), options.hidden());
        return channels == layout.hiddenSize() ? narrowed : narrowed.withHidden(channels);
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
        if (kept.isWhole()) {
            context.notice("structured_pruning removes nothing: its shares are 0, or keep lists nothing");
        }
        Map<String, LinearSpec> before = new LinkedHashMap<>();
        model.linears().forEach(site -> before.put(site.name(), site.spec()));
        kept.layers().ifPresent(model::keepLayers);
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
        kept.hidden().ifPresent(model::keepHidden);
        return new CompressionReport(NAME, changes(model, before), groups, units);
    }

    private KeptUnits strongest(TransformerModel model, CalibrationData calibration) {
        boolean depth = options.layers() > 0;
        UnitImportance.Scores scores = new UnitImportance(options, context, model, calibration)
                .of(depth || options.heads() > 0, depth || options.ffn() > 0);
        Optional<List<String>> layers = depth
                ? Optional.of(LayerSelection.best(model.layout(), scores, options.layers(), options.allocation()))
                : Optional.empty();
        Optional<int[]> hidden = options.hidden() > 0
                ? Optional.of(UnitScores.strongest(
                        HiddenImportance.of(options, context, model, calibration),
                        Shares.kept(model.layout().hiddenSize(), options.hidden())))
                : Optional.empty();
        return new KeptUnits(
                layers,
                selected(scores.groups(), options.heads(), layers),
                selected(scores.units(), options.ffn(), layers),
                hidden);
    }

    /** What stays of the blocks whose layer stays. */
    private Map<String, int[]> selected(Map<String, double[]> scores, double removed, Optional<List<String>> layers) {
        if (removed == 0) {
            return Map.of();
        }
        Map<String, double[]> left = new LinkedHashMap<>(scores);
        layers.ifPresent(kept -> left.keySet()
                .removeIf(block -> ModelLayout.layerOf(block)
                        .filter(layer -> !kept.contains(layer))
                        .isPresent()));
        return UnitSelection.of(left, removed, options.allocation());
    }

    /** One line for each layer that is another now; those that are gone have nothing left. */
    private List<SiteChange> changes(TransformerModel model, Map<String, LinearSpec> before) {
        List<SiteChange> changes = new ArrayList<>();
        Map<String, LinearSpec> gone = new LinkedHashMap<>(before);
        Ops ops = context.ops();
        for (LinearSite site : model.linears()) {
            LinearSpec was = gone.remove(site.name());
            if (was != null && !was.equals(site.spec())) {
                try (Ops.Scope scope = ops.scope()) {
                    changes.add(SiteChange.between(was, site));
                }
            }
        }
        gone.values().forEach(was -> changes.add(SiteChange.removed(was)));
        return changes;
    }
}
