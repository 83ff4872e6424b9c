package org.cpet.plugin.quantization.grouped;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Map;
import org.cpet.spi.model.Lineage;
import org.cpet.spi.model.ModuleState;
import org.cpet.spi.model.TrainableTensor;
import org.cpet.spi.pet.InheritanceReport;
import org.cpet.spi.pet.PetModule;
import org.cpet.spi.tensor.Ops;

/**
 * What packed layers train for one task. Many tasks share one model: {@link #load} overwrites the leaves of a live one,
 * {@link #detach} and {@link #attach} change between modules; neither touches a code, merging alone does.
 */
final class PackedPetModule implements PetModule {
    private final Ops ops;
    private final Map<String, Object> config;
    private final List<PackedLeaf> leaves;
    private boolean attached;
    private boolean merged;

    /** @param config what {@code adapter_config.json} says */
    PackedPetModule(Ops ops, Map<String, Object> config, List<? extends PackedLeaf> leaves) {
        this.ops = ops;
        this.config = config;
        this.leaves = List.copyOf(leaves);
    }

    @Override
    public List<TrainableTensor> parameters() {
        return leaves.stream().map(PackedLeaf::parameter).toList();
    }

    @Override
    public Map<String, NDArray> state() {
        return ModuleState.of(parameters());
    }

    @Override
    public void load(Map<String, NDArray> state) {
        ModuleState.load(ops, state(), state);
    }

    /** A leaf loses the rows and columns that its layer lost. */
    @Override
    public InheritanceReport inherit(Map<String, NDArray> taught, Lineage lineage) {
        return new LeafInheritance(ops, taught, lineage).carry(leaves);
    }

    @Override
    public boolean mergeable() {
        return true;
    }

    @Override
    public void merge() {
        detach();
        leaves.forEach(leaf -> leaf.site().replace(leaf.merged()));
        merged = true;
    }

    /** A type of our own: PEFT has no adapter of scales or of weights to round. */
    @Override
    public Map<String, Object> peftConfig() {
        return config;
    }

    @Override
    public void attach() {
        if (merged) {
            throw new IllegalStateException("a merged module is part of the packed layers and cannot be attached");
        }
        if (!attached) {
            leaves.forEach(PackedLeaf::attach);
            attached = true;
        }
    }

    @Override
    public void detach() {
        if (attached) {
            leaves.forEach(PackedLeaf::detach);
            attached = false;
        }
    }

    @Override
    public void close() {
        detach();
        leaves.forEach(leaf -> leaf.leaf().close());
    }
}
