package org.cpet.plugin.pet.full;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Map;
import org.cpet.plugin.pet.peft.OwnConfig;
import org.cpet.spi.NoOptions;
import org.cpet.spi.model.Lineage;
import org.cpet.spi.model.ModuleState;
import org.cpet.spi.model.TrainableTensor;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.pet.InheritanceReport;
import org.cpet.spi.pet.PetModule;
import org.cpet.spi.tensor.Ops;

/** All tensors of a model as trainable leaves. */
final class FullModule implements PetModule {
    private final Ops ops;
    private final TransformerModel model;
    private final List<TrainedTensor> tensors;
    private boolean attached;
    private boolean merged;

    FullModule(Ops ops, TransformerModel model, List<TrainedTensor> tensors) {
        this.ops = ops;
        this.model = model;
        this.tensors = List.copyOf(tensors);
    }

    @Override
    public List<TrainableTensor> parameters() {
        return tensors.stream()
                .map(trained -> new TrainableTensor(trained.tensor().name(), trained.leaf()))
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

    /** Weights lose the rows and columns that their layer lost, biases the rows. */
    @Override
    public InheritanceReport inherit(Map<String, NDArray> taught, Lineage lineage) {
        return new FullInheritance(ops, taught, lineage).carry(parameters());
    }

    @Override
    public boolean mergeable() {
        return true;
    }

    @Override
    public void merge() {
        detach();
        tensors.forEach(trained -> trained.settle(ops));
        merged = true;
    }

    /** A type of our own: PEFT has no adapter that holds a whole model. */
    @Override
    public Map<String, Object> peftConfig() {
        return OwnConfig.write(Full.PEFT_TYPE, new NoOptions(), model);
    }

    @Override
    public void attach() {
        if (merged) {
            throw new IllegalStateException("a merged module is part of the model's weights and cannot be attached");
        }
        if (!attached) {
            tensors.forEach(trained -> trained.tensor().replace(trained.leaf()));
            attached = true;
        }
    }

    @Override
    public void detach() {
        if (attached) {
            tensors.forEach(trained -> trained.tensor().replace(trained.frozen()));
            attached = false;
        }
    }

    @Override
    public void close() {
        detach();
        tensors.forEach(trained -> trained.leaf().close());
    }
}
