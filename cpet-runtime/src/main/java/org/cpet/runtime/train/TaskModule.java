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
 * All that a task adds to a frozen model: θ_P, the classification head, and θ_R where there is recovery. What training
 * changes, and what a run saves.
 */
public record TaskModule(
        TransformerModel model,
        Optional<PetModule> pet,
        TrainableClassifier classifier,
        Optional<RecoveryModule> recovery)
        implements AutoCloseable {
    /** Everything that training changes: P, the head, R. */
    public List<TrainableTensor> parameters() {
        return modules().stream()
                .flatMap(module -> module.parameters().stream())
                .toList();
    }

    /** How many numbers training changes. */
    public long size() {
        return parameters().stream()
                .mapToLong(parameter -> parameter.value().size())
                .sum();
    }

    /** P and the head: what is inherited. */
    public Map<String, NDArray> state() {
        Map<String, NDArray> state = new LinkedHashMap<>();
        pet.ifPresent(module -> state.putAll(module.state()));
        state.putAll(classifier.state());
        return state;
    }

    /** Takes everything out of the model. */
    public void detach() {
        modules().forEach(TrainableModule::detach);
    }

    /** Puts everything back. */
    public void attach() {
        modules().forEach(TrainableModule::attach);
    }

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
