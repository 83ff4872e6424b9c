package org.cpet.plugin.pruning;

import java.util.HashMap;
import java.util.Map;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.cpet.spi.model.AttentionSpec;
import org.cpet.spi.model.FeedForwardSpec;
import org.cpet.spi.model.LinearSpec;
import org.cpet.spi.model.ModelLayout;

/**
 * What stays of each block, as ascending indices; a block that is not listed keeps everything.
 *
 * @param groups key/value heads by attention
 * @param units neurons by FFN
 */
record KeptUnits(Map<String, int[]> groups, Map<String, int[]> units) {
    int[] groupsOf(AttentionSpec attention) {
        return groups.getOrDefault(attention.name(), all(attention.groups()));
    }

    int[] unitsOf(FeedForwardSpec feedForward) {
        return units.getOrDefault(feedForward.name(), all(feedForward.units()));
    }

    ModelLayout narrow(ModelLayout layout) {
        return narrow(layout, block -> groupsOf(block).length, block -> unitsOf(block).length);
    }

    /** The layout with so many groups and neurons left in each block. */
    static ModelLayout narrow(
            ModelLayout layout, ToIntFunction<AttentionSpec> groups, ToIntFunction<FeedForwardSpec> units) {
        Map<String, Integer> rows = new HashMap<>();
        Map<String, Integer> columns = new HashMap<>();
        for (AttentionSpec block : layout.attentions()) {
            int keys = groups.applyAsInt(block) * block.headDim();
            rows.put(block.query(), keys * block.queriesPerGroup());
            rows.put(block.key(), keys);
            rows.put(block.value(), keys);
            columns.put(block.output(), keys * block.queriesPerGroup());
        }
        for (FeedForwardSpec block : layout.feedForwards()) {
            block.ins().forEach(in -> rows.put(in, units.applyAsInt(block)));
            columns.put(block.out(), units.applyAsInt(block));
        }
        return layout.with(
                layout.linears().stream()
                        .map(linear -> resized(linear, rows, columns))
                        .toList(),
                layout.attentions().stream()
                        .map(block -> block.withGroups(groups.applyAsInt(block)))
                        .toList(),
                layout.feedForwards().stream()
                        .map(block -> block.withUnits(units.applyAsInt(block)))
                        .toList());
    }

    private static LinearSpec resized(LinearSpec linear, Map<String, Integer> rows, Map<String, Integer> columns) {
        int out = rows.getOrDefault(linear.name(), linear.out());
        int in = columns.getOrDefault(linear.name(), linear.in());
        return out == linear.out() && in == linear.in() ? linear : linear.resized(out, in);
    }

    private static int[] all(int count) {
        return IntStream.range(0, count).toArray();
    }
}
