package org.cpet.plugin.pruning;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.ModelLayout;

/**
 * Which weights of some layers stay: floor(n s) of the n weights that a scope compares go, the smallest scores, among
 * equal ones the last; or as a pattern says.
 */
final class WeightMasks {
    private final UnstructuredPruningOptions options;
    private final WeightScores scores;

    WeightMasks(UnstructuredPruningOptions options, WeightScores scores) {
        this.options = options;
        this.scores = scores;
    }

    /** Gives the mask [out · in] of every layer to {@code result}; the scores of all are read before the first. */
    void of(List<LinearSite> sites, BiConsumer<LinearSite, boolean[]> result) {
        switch (options.place()) {
            case MODEL -> together(sites, result);
            case LAYER -> byLayer(sites).values().forEach(layer -> together(layer, result));
            case MATRIX, ROW -> sites.forEach(site -> result.accept(site, alone(site)));
        }
    }

    /** The layers of each layer of a stack; one outside the stacks is compared with none. */
    static Map<String, List<LinearSite>> byLayer(List<LinearSite> sites) {
        Map<String, List<LinearSite>> layers = new LinkedHashMap<>();
        sites.forEach(site -> layers.computeIfAbsent(
                        ModelLayout.layerOf(site.name()).orElse(site.name()), name -> new ArrayList<>())
                .add(site));
        return layers;
    }

    private boolean[] alone(LinearSite site) {
        float[] values = scores.of(site);
        int columns = site.op().in();
        if (options.pattern().isPresent()) {
            GroupPattern pattern = GroupPattern.parse(options.pattern().get());
            return pattern.square()
                    ? TileMask.of(values, columns, pattern)
                    : MagnitudeMask.groups(values, columns, pattern);
        }
        double share = options.sparsity().orElse(0.0);
        return options.place() == PruningScope.ROW
                ? MagnitudeMask.rows(values, columns, Shares.removed(columns, share))
                : MagnitudeMask.smallest(values, Shares.removed(values.length, share));
    }

    private void together(List<LinearSite> sites, BiConsumer<LinearSite, boolean[]> result) {
        long weights = sites.stream()
                .mapToLong(site -> (long) site.op().out() * site.op().in())
                .sum();
        long removed = Shares.removed(weights, options.sparsity().orElse(0.0));
        if (removed == 0) {
            return;
        }
        MagnitudeThreshold threshold =
                MagnitudeThreshold.of(visitor -> sites.forEach(site -> visitor.accept(scores.of(site))), removed);
        for (int i = sites.size() - 1; i >= 0; i--) { // the last equals go first
            float[] values = scores.of(sites.get(i));
            boolean[] kept = new boolean[values.length];
            threshold = threshold.mark(values, kept);
            result.accept(sites.get(i), kept);
        }
    }
}
