package org.cpet.plugin.pruning;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.cpet.spi.model.AttentionSpec;
import org.cpet.spi.model.FeedForwardSpec;
import org.cpet.spi.model.ModelLayout;

/**
 * What stays of a model, as ascending indices; a block that is not listed keeps everything.
 *
 * @param layers names of the layers left; all where absent
 * @param groups key/value heads by attention
 * @param units neurons by FFN
 * @param hidden channels; all where absent
 */
record KeptUnits(
        Optional<List<String>> layers, Map<String, int[]> groups, Map<String, int[]> units, Optional<int[]> hidden) {
    int[] groupsOf(AttentionSpec attention) {
        return groups.getOrDefault(attention.name(), all(attention.groups()));
    }

    int[] unitsOf(FeedForwardSpec feedForward) {
        return units.getOrDefault(feedForward.name(), all(feedForward.units()));
    }

    /** Whether everything stays. */
    boolean isWhole() {
        return layers.isEmpty() && groups.isEmpty() && units.isEmpty() && hidden.isEmpty();
    }

    /** The layout with what stays. */
    ModelLayout narrow(ModelLayout layout) {
        ModelLayout left = layers.map(layout::keepLayers)
                .orElse(layout)
                .narrow(block -> groupsOf(block).length, block -> unitsOf(block).length);
        return hidden.map(channels -> left.withHidden(channels.length)).orElse(left);
    }

    private static int[] all(int count) {
        return IntStream.range(0, count).toArray();
    }
}
