package org.cpet.plugin.pet.part;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.cpet.spi.OptionException;
import org.cpet.spi.model.Lineage;
import org.cpet.spi.model.ModuleState;
import org.cpet.spi.model.TrainableTensor;
import org.cpet.spi.pet.InheritanceReport;
import org.cpet.spi.pet.PetModule;
import org.cpet.spi.tensor.Ops;

/** A PET module made of {@link Part}s. */
public final class PartsModule implements PetModule {
    private final String method;
    private final Ops ops;
    private final List<Part> parts;
    private final Supplier<Map<String, Object>> config;
    private boolean attached;
    private boolean merged;

    /**
     * A detached module.
     *
     * @param method its name, for messages
     * @param config its {@code adapter_config.json}
     */
    public PartsModule(String method, Ops ops, List<? extends Part> parts, Supplier<Map<String, Object>> config) {
        this.method = method;
        this.ops = ops;
        this.parts = List.copyOf(parts);
        this.config = config;
    }

    /** The pieces, in the model's order. */
    public List<Part> parts() {
        return parts;
    }

    @Override
    public List<TrainableTensor> parameters() {
        return parts.stream()
                .flatMap(part -> part.tensors().stream())
                .map(PartTensor::tensor)
                .toList();
    }

    @Override
    public Map<String, NDArray> state() {
        return ModuleState.of(parameters());
    }

    @Override
    public void load(Map<String, NDArray> state) {
        ModuleState.load(ops, state(), state);
    }

    @Override
    public InheritanceReport inherit(Map<String, NDArray> taught, Lineage lineage) {
        return new PartsInheritance(ops, taught, lineage).carry(parts);
    }

    @Override
    public boolean mergeable() {
        return parts.stream().allMatch(part -> part.obstacle().isEmpty());
    }

    @Override
    public void merge() {
        parts.forEach(part -> part.obstacle().ifPresent(obstacle -> {
            throw new OptionException(method + " cannot be folded into " + obstacle);
        }));
        detach();
        parts.forEach(Part::merge);
        merged = true;
    }

    @Override
    public Map<String, Object> peftConfig() {
        return config.get();
    }

    @Override
    public void attach() {
        if (merged) {
            throw new IllegalStateException("a merged module is part of the model's weights and cannot be attached");
        }
        if (!attached) {
            parts.forEach(Part::attach);
            attached = true;
        }
    }

    @Override
    public void detach() {
        if (attached) {
            parts.forEach(Part::detach);
            attached = false;
        }
    }

    @Override
    public void close() {
        detach();
        parameters().forEach(parameter -> parameter.value().close());
    }
}
