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
 * The trained scales of a task. Many tasks share one model: {@link #load} overwrites the scales of a live one, {@link
 * #detach} and {@link #attach} change between modules; neither touches a code.
 */
final class PeqaModule implements PetModule {
    private final Ops ops;
    private final Map<String, Object> config;
    private final List<TunedScales> layers;
    private boolean attached;
    private boolean merged;

    /** @param config what {@code adapter_config.json} says */
    PeqaModule(Ops ops, Map<String, Object> config, List<TunedScales> layers) {
        this.ops = ops;
        this.config = config;
        this.layers = List.copyOf(layers);
    }

    @Override
    public List<TrainableTensor> parameters() {
        return layers.stream().map(TunedScales::parameter).toList();
    }

    @Override
    public Map<String, NDArray> state() {
        return ModuleState.of(parameters());
    }

    @Override
    public void load(Map<String, NDArray> state) {
        ModuleState.load(ops, state(), state);
    }

    /** Δs loses the rows that the layer lost, and the groups of columns. */
    @Override
    public InheritanceReport inherit(Map<String, NDArray> taught, Lineage lineage) {
        return new PeqaInheritance(ops, taught, lineage).carry(layers);
    }

    @Override
    public boolean mergeable() {
        return true;
    }

    /** s ← s + Δs in every layer. */
    @Override
    public void merge() {
        detach();
        layers.forEach(layer -> layer.site().replace(layer.linear().settled(layer.leaf())));
        merged = true;
    }

    /** A type of our own: PEFT has no adapter of scales. */
    @Override
    public Map<String, Object> peftConfig() {
        return config;
    }

    @Override
    public void attach() {
        if (merged) {
            throw new IllegalStateException("a merged module is part of the model's scales and cannot be attached");
        }
        if (!attached) {
            layers.forEach(layer -> layer.linear().tune(layer.leaf()));
            attached = true;
        }
    }

    @Override
    public void detach() {
        if (attached) {
            layers.forEach(layer -> layer.linear().untune());
            attached = false;
        }
    }

    @Override
    public void close() {
        detach();
        layers.forEach(layer -> layer.leaf().close());
    }
}
