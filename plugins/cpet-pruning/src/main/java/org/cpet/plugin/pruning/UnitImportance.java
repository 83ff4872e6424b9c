package org.cpet.plugin.pruning;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cpet.spi.PluginContext;
import org.cpet.spi.compress.CalibrationData;
import org.cpet.spi.model.AttentionSite;
import org.cpet.spi.model.FeedForwardSite;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.TransformerModel;

/** Scores of the key/value groups and neurons of a model by a recipe's criterion, larger for those that matter more. */
final class UnitImportance {
    private final StructuredPruningOptions options;
    private final PluginContext context;
    private final TransformerModel model;
    private final CalibrationData calibration;

    UnitImportance(
            StructuredPruningOptions options,
            PluginContext context,
            TransformerModel model,
            CalibrationData calibration) {
        this.options = options;
        this.context = context;
        this.model = model;
        this.calibration = calibration;
    }

    /**
     * Scores by block.
     *
     * @param groups of the key/value groups, by attention; empty where none is removed
     * @param units of the neurons, by FFN
     */
    record Scores(Map<String, double[]> groups, Map<String, double[]> units) {}

    /** Scores on the axes asked for. */
    Scores of(boolean heads, boolean neurons) {
        if (!heads && !neurons) {
            return new Scores(Map.of(), Map.of());
        }
        List<UnitGate> ofHeads = new ArrayList<>();
        List<UnitGate> ofNeurons = new ArrayList<>();
        if (heads) {
            model.attentions().forEach(block -> ofHeads.add(gate(block.output(), block.groups())));
        }
        if (neurons) {
            model.feedForwards().forEach(block -> ofNeurons.add(gate(block.out(), block.units())));
        }
        Map<String, double[]> found = measured(ofHeads, ofNeurons);
        Map<String, double[]> groups = new LinkedHashMap<>();
        Map<String, double[]> units = new LinkedHashMap<>();
        if (heads) {
            for (AttentionSite block : model.attentions()) {
                groups.put(block.name(), found.get(block.output().name()));
            }
        }
        if (neurons) {
            for (FeedForwardSite block : model.feedForwards()) {
                units.put(block.name(), found.get(block.out().name()));
            }
        }
        return new Scores(groups, units);
    }

    /** By the layer that reads the units. */
    private Map<String, double[]> measured(List<UnitGate> heads, List<UnitGate> neurons) {
        List<UnitGate> all = new ArrayList<>(heads);
        all.addAll(neurons);
        long rows = options.calibrationRows();
        return switch (options.criterion()) {
            case MAGNITUDE -> weighted(all, Map.of());
            case ACTIVATION ->
                weighted(
                        all,
                        new ActivationEnergy("structured_pruning", context.ops(), model, rows)
                                .measure(all.stream().map(UnitGate::reader).toList(), calibration));
            case TAYLOR -> new TaylorScores(context.ops(), model, rows).measure(all, calibration);
            case L0 -> {
                List<LearnedGates.Axis> axes = new ArrayList<>();
                if (!heads.isEmpty()) {
                    axes.add(new LearnedGates.Axis("heads", heads, options.heads()));
                }
                if (!neurons.isEmpty()) {
                    axes.add(new LearnedGates.Axis("ffn", neurons, options.ffn()));
                }
                yield new LearnedGates(context, model, options.learning(), rows).learn(axes, calibration);
            }
        };
    }

    private Map<String, double[]> weighted(List<UnitGate> gates, Map<String, double[]> energy) {
        Map<String, double[]> scores = new LinkedHashMap<>();
        for (UnitGate gate : gates) {
            LinearSite reader = gate.reader();
            double[] ofColumn = energy.getOrDefault(
                    reader.name(), UnitScores.ones(reader.op().in()));
            scores.put(reader.name(), UnitScores.of(context.ops(), reader, ofColumn, gate.units()));
        }
        return scores;
    }

    private UnitGate gate(LinearSite reader, int units) {
        return new UnitGate(context.ops(), reader, units);
    }
}
