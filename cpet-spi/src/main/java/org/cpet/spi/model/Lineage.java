package org.cpet.spi.model;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a compressed model kept of its original, on every axis.
 *
 * @param linears rows and columns left, by layer
 * @param groups original key/value heads left, by attention
 * @param units original neurons left, by FFN
 * @param layers layers of the stacks that are left, under their original names
 * @param hidden original hidden channels left, as rows
 */
public record Lineage(
        Map<String, KeptIndices> linears,
        Map<String, int[]> groups,
        Map<String, int[]> units,
        List<String> layers,
        KeptIndices hidden) {
    public Lineage {
        layers = List.copyOf(layers);
    }

    /** The lineage of a model as it stands. */
    public static Lineage of(TransformerModel model) {
        return new Lineage(
                model.linears().stream().collect(Collectors.toMap(LinearSite::name, LinearSite::kept)),
                model.attentions().stream().collect(Collectors.toMap(AttentionSite::name, AttentionSite::keptGroups)),
                model.feedForwards().stream()
                        .collect(Collectors.toMap(FeedForwardSite::name, FeedForwardSite::keptUnits)),
                model.layout().layers(),
                model.keptHidden());
    }
}
