package org.cpet.spi.model;

/**
 * An attention block as a plan sees it.
 *
 * @param name the module that owns the projections, for example {@code bert.encoder.layer.0.attention.self}
 * @param query name of the query layer; the others likewise
 * @param groups key/value heads, the unit of pruning
 * @param queriesPerGroup query heads served by one key/value head
 * @param headDim width of a head
 * @param kind what it looks at
 */
public record AttentionSpec(
        String name,
        String query,
        String key,
        String value,
        String output,
        int groups,
        int queriesPerGroup,
        int headDim,
        AttentionKind kind) {
    /** A block of an encoder. */
    public AttentionSpec(
            String name,
            String query,
            String key,
            String value,
            String output,
            int groups,
            int queriesPerGroup,
            int headDim) {
        this(name, query, key, value, output, groups, queriesPerGroup, headDim, AttentionKind.ENCODER);
    }

    /** The same block that looks at something else. */
    public AttentionSpec of(AttentionKind other) {
        return new AttentionSpec(name, query, key, value, output, groups, queriesPerGroup, headDim, other);
    }

    /** The same block with fewer key/value heads. */
    public AttentionSpec withGroups(int kept) {
        return new AttentionSpec(name, query, key, value, output, kept, queriesPerGroup, headDim, kind);
    }
}
