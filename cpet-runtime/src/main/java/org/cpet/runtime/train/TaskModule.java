package org.cpet.runtime.train;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cpet.spi.model.TrainableModule;
import org.cpet.spi.model.TrainableTensor;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.pet.PetModule;
import org.cpet.spi.recover.RecoveryModule;

/**
 * All that a task adds to a frozen model: θ_P, the classification head, and θ_R once recovery has joined. What training
 * changes, and what a run saves.
 */
public final class TaskModule implements AutoCloseable {
    private final TransformerModel model;
    private final Optional<PetModule> pet;
    private final TrainableClassifier classifier;
    private Optional<RecoveryModule> recovery = Optional.empty();

    TaskModule(TransformerModel model, Optional<PetModule> pet, TrainableClassifier classifier) {
        this.model = model;
        this.pet = pet;
        this.classifier = classifier;
    }

    public TransformerModel model() {
        return model;
    }

    public Optional<PetModule> pet() {
        return pet;
    }

    public TrainableClassifier classifier() {
        return classifier;
    }

    public Optional<RecoveryModule> recovery() {
        return recovery;
    }

    /** R joins, already attached. */
    void join(RecoveryModule module) {
        recovery = Optional.of(module);
    }

    /** Everything that training changes: P, the head, R. */
    public List<TrainableTensor> parameters() {
        return modules().stream()
                .flatMap(module -> module.parameters().stream())
                .toList();
    }

    /** How many numbers that is. */
    public long size() {
        return parameters().stream()
                .mapToLong(parameter -> parameter.value().size())
                .sum();
    }

    /** What those take while they are trained. */
    long bytes() {
        return size() * Float.BYTES;
    }

    /** P and the head: what is inherited. */
    Map<String, NDArray> state() {
        Map<String, NDArray> state = new LinkedHashMap<>();
        pet.ifPresent(module -> state.putAll(module.state()));
        state.putAll(classifier.state());
        return state;
    }

    /** Takes everything out of the model for a while. */
    void detach() {
        modules().forEach(TrainableModule::detach);
    }

    /** Puts everything back. */
    void attach() {
        modules().forEach(TrainableModule::attach);
    }

    /** Training is over: what only training needs is dropped. */
    void settle() {
        modules().forEach(TrainableModule::settle);
    }

    /** Takes everything out of the model and frees it. */
    @Override
    public void close() {
        modules().forEach(TrainableModule::close);
    }

    private List<TrainableModule> modules() {
        List<TrainableModule> modules = new ArrayList<>();
        pet.ifPresent(modules::add);
        modules.add(classifier);
        recovery.ifPresent(modules::add);
        return modules;
    }
}
