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
    private final AttentionKind kind;
    private final VirtualTokenSite<KeyValuePrefix> prefix;
    private KeptIndices kept;

    /** A block of an encoder; {@code queriesPerGroup} query heads share one of the {@code groups} key/value heads. */
    public AttentionSite(
            String name,
            LinearSite query,
            LinearSite key,
            LinearSite value,
            LinearSite output,
            int groups,
            int queriesPerGroup,
            int headDim) {
        this(name, query, key, value, output, groups, queriesPerGroup, headDim, AttentionKind.ENCODER);
    }

    /** @param groups key/value heads; queriesPerGroup query heads share one */
    public AttentionSite(
            String name,
            LinearSite query,
            LinearSite key,
            LinearSite value,
            LinearSite output,
            int groups,
            int queriesPerGroup,
            int headDim,
            AttentionKind kind) {
        this.name = name;
        this.query = query;
        this.key = key;
        this.value = value;
        this.output = output;
        this.queriesPerGroup = queriesPerGroup;
        this.headDim = headDim;
        this.kind = kind;
        this.prefix = new VirtualTokenSite<>(name);
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

    /** What it looks at. */
    public AttentionKind kind() {
        return kind;
    }

    /** Keys and values that stand before those of the tokens. */
    public VirtualTokenSite<KeyValuePrefix> prefix() {
        return prefix;
    }

    /** Original indices of the key/value heads left. */
    public int[] keptGroups() {
        return kept.rows();
    }

    /** Original indices of the query heads left. */
    public int[] keptHeads() {
        return units(keptGroups(), queriesPerGroup);
    }

    /** Rows of the query layer, and columns of the output projection, that belong to these key/value heads. */
    public int[] queryRows(int[] groups) {
        return units(groups, queriesPerGroup * headDim);
    }

    /** Rows of the key and value layers that belong to these key/value heads. */
    public int[] keyRows(int[] groups) {
        return units(groups, headDim);
    }

    /** Removes all other key/value groups from q, k, v (rows) and the output projection (columns). */
    public void keepGroups(int[] groups) {
        if (!prefix.isEmpty()) {
            throw new IllegalStateException(name + " carries a prefix and cannot be narrowed");
        }
        query.keepRows(queryRows(groups));
        key.keepRows(keyRows(groups));
        value.keepRows(keyRows(groups));
        output.keepColumns(queryRows(groups));
        kept = kept.rows(groups);
    }

    /** The block as a plan sees it. */
    public AttentionSpec spec() {
        return new AttentionSpec(
                name, query.name(), key.name(), value.name(), output.name(), groups(), queriesPerGroup, headDim, kind);
    }

    private static int[] units(int[] blocks, int width) {
        return IntStream.of(blocks)
                .flatMap(block -> IntStream.range(block * width, (block + 1) * width))
                .toArray();
    }
}
