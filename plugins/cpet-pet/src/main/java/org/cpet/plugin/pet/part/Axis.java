package org.cpet.plugin.pet.part;

import java.util.Optional;
import java.util.stream.IntStream;
import org.cpet.spi.model.KeptIndices;
import org.cpet.spi.model.Lineage;
import org.cpet.spi.model.LinearSite;
import org.jspecify.annotations.Nullable;

/** What an axis of a tensor runs over: the rows or the columns of a layer, which compression may remove, or neither. */
public final class Axis {
    private final @Nullable LinearSite site;
    private final boolean rows;
    private final boolean hidden;
    private final int size;

    private Axis(@Nullable LinearSite site, boolean rows, boolean hidden, int size) {
        this.site = site;
        this.rows = rows;
        this.hidden = hidden;
        this.size = size;
    }

    /** The outputs of a layer. */
    public static Axis rows(LinearSite site) {
        return new Axis(site, true, false, site.op().out());
    }

    /** The inputs of a layer. */
    public static Axis columns(LinearSite site) {
        return new Axis(site, false, false, site.op().in());
    }

    /** Something compression does not touch, such as a rank. */
    public static Axis whole(long size) {
        return new Axis(null, false, false, Math.toIntExact(size));
    }

    /** The channels of the hidden states. */
    public static Axis hidden(long size) {
        return new Axis(null, true, true, Math.toIntExact(size));
    }

    /** Its length on this model. */
    public int size() {
        return size;
    }

    /** Its length on the model that was compressed. */
    int original(Lineage lineage) {
        return kept(lineage)
                .map(kept -> rows ? kept.originalOut() : kept.originalIn())
                .orElse(size);
    }

    /** Positions on the original axis that are left. */
    int[] left(Lineage lineage) {
        return kept(lineage)
                .map(kept -> rows ? kept.rows() : kept.columns())
                .orElseGet(() -> IntStream.range(0, size).toArray());
    }

    private Optional<KeptIndices> kept(Lineage lineage) {
        if (hidden) {
            return Optional.of(lineage.hidden());
        }
        return Optional.ofNullable(site).map(layer -> lineage.linears().getOrDefault(layer.name(), layer.kept()));
    }
}
