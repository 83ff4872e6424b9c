package org.cpet.spi.model;

import java.util.stream.IntStream;

/** An attention block: four linear sites and its heads, which are removed in whole key/value groups. */
public final class AttentionSite {
    private final String name;
    private final LinearSite query;
    private final LinearSite key;
    private final LinearSite value;
    private final LinearSite output;
    private final int queriesPerGroup;
    private final int headDim;
    private KeptIndices kept;

    /** @param groups key/value heads; queriesPerGroup query heads share one */
    public AttentionSite(
            String name,
            LinearSite query,
            LinearSite key,
            LinearSite value,
            LinearSite output,
            int groups,
            int queriesPerGroup,
            int headDim) {
        this.name = name;
        this.query = query;
        this.key = key;
        this.value = value;
        this.output = output;
        this.queriesPerGroup = queriesPerGroup;
        this.headDim = headDim;
        this.kept = KeptIndices.all(groups, 1);
    }

    public String name() {
        return name;
    }

    public LinearSite query() {
        return query;
    }

    public LinearSite key() {
        return key;
    }

    public LinearSite value() {
        return value;
    }

    /** The projection of the heads' context back to the hidden size. */
    public LinearSite output() {
        return output;
    }

    /** Key/value heads now. */
    public int groups() {
        return kept.rows().length;
    }

    /** Query heads that share one key/value head. */
    public int queriesPerGroup() {
        return queriesPerGroup;
    }

    /** Query heads now. */
    public int heads() {
        return groups() * queriesPerGroup;
    }

    public int headDim() {
        return headDim;
    }

    /** Original indices of the key/value heads left. */
    public int[] keptGroups() {
        return kept.rows();
    }

    /** Original indices of the query heads left. */
    public int[] keptHeads() {
        return units(keptGroups(), queriesPerGroup);
    }

    /** Removes all other key/value groups from q, k, v (rows) and the output projection (columns). */
    public void keepGroups(int[] groups) {
        int[] queryRows = units(groups, queriesPerGroup * headDim);
        int[] keyRows = units(groups, headDim);
        query.keepRows(queryRows);
        key.keepRows(keyRows);
        value.keepRows(keyRows);
        output.keepColumns(queryRows);
        kept = kept.rows(groups);
    }

    /** The block as a plan sees it. */
    public AttentionSpec spec() {
        return new AttentionSpec(
                name, query.name(), key.name(), value.name(), output.name(), groups(), queriesPerGroup, headDim);
    }

    private static int[] units(int[] blocks, int width) {
        return IntStream.of(blocks)
                .flatMap(block -> IntStream.range(block * width, (block + 1) * width))
                .toArray();
    }
}
