package org.cpet.spi.adapter;

import java.util.List;

/** Makes one task vector of several. Deterministic for a seed. */
public interface AdapterMerger {
    /** Whether {@link #merge} asks the objective, which then needs a model and rows of data. */
    default boolean needsObjective() {
        return false;
    }

    /**
     * Merges vectors of the same tensors, packed or not.
     *
     * @param experts at least one
     * @param objective asked only when {@link #needsObjective} says so
     */
    AdapterVector merge(List<? extends AdapterVector> experts, AdapterObjective objective);
}
