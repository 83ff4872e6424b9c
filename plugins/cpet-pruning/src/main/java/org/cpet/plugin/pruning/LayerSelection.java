package org.cpet.plugin.pruning;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cpet.spi.model.ModelLayout;

/** Chooses the layers of the stacks that stay. A layer's score is the sum of those of its heads and neurons. */
final class LayerSelection {
    private LayerSelection() {}

    /** The layers of each stack. */
    static Map<String, List<String>> stacks(ModelLayout layout) {
        Map<String, List<String>> stacks = new LinkedHashMap<>();
        layout.layers()
                .forEach(layer -> stacks.computeIfAbsent(
                                layer.substring(0, layer.lastIndexOf('.')), name -> new ArrayList<>())
                        .add(layer));
        return stacks;
    }

    /** The first layers of each stack, as many as stay: shapes are those of any choice where layers are alike. */
    static List<String> first(ModelLayout layout, double removed) {
        return stacks(layout).values().stream()
                .flatMap(stack -> stack.subList(0, Shares.kept(stack.size(), removed)).stream())
                .toList();
    }

    /** The best layers. */
    static List<String> best(ModelLayout layout, UnitImportance.Scores scores, double removed, Allocation allocation) {
        Map<String, Double> sums = new LinkedHashMap<>();
        scores.groups().forEach((block, of) -> add(sums, block, of));
        scores.units().forEach((block, of) -> add(sums, block, of));
        Map<String, List<String>> stacks = stacks(layout);
        Map<String, double[]> ofStacks = new LinkedHashMap<>();
        stacks.forEach((stack, layers) -> ofStacks.put(
                stack,
                layers.stream()
                        .mapToDouble(layer -> sums.getOrDefault(layer, 0.0))
                        .toArray()));
        List<String> kept = new ArrayList<>();
        UnitSelection.of(ofStacks, removed, allocation).forEach((stack, indices) -> {
            for (int index : indices) {
                kept.add(stacks.getOrDefault(stack, List.of()).get(index));
            }
        });
        return kept;
    }

    private static void add(Map<String, Double> sums, String block, double[] scores) {
        String layer = ModelLayout.layerOf(block).orElse(block);
        for (double score : scores) {
            sums.merge(layer, score, Double::sum);
        }
    }
}
