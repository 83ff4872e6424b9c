package org.cpet.runtime.script;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cpet.runtime.adapter.AdapterTrial.AdapterBench;
import org.cpet.runtime.engine.EngineSession;
import org.cpet.runtime.interop.PeftNames;
import org.cpet.spi.InputException;
import org.cpet.spi.adapter.AdapterTensor;
import org.cpet.spi.loss.TaskLoss;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.model.TrainableModule;
import org.cpet.spi.tensor.Ops;

/** The task loss of a model on one batch of tensors, with adapters put into it one after the other. */
public final class AdapterBatchLoss implements AdapterBench {
    private final EngineSession engine;
    private final OpenedModel opened;
    private final TokenBatch batch;
    private final TaskLoss task;

    /**
     * A model with an adapter whose tensors will be replaced.
     *
     * @param inputs tensors as {@code cpet forward} reads them, with labels
     */
    public AdapterBatchLoss(EngineSession engine, OpenedModel opened, Path inputs, TaskLoss task) {
        this.engine = engine;
        this.opened = opened;
        this.task = task;
        this.batch = TensorFiles.batch(
                inputs, engine, engine.manager(), opened.model().layout());
        if (batch.labels().isEmpty()) {
            throw new InputException(
                    inputs + ": 'labels' is missing; the loss on them is what adapters are measured by");
        }
    }

    @Override
    @SuppressWarnings("try") // the scope frees what the pass makes
    public double loss(Map<AdapterTensor, float[]> tensors) {
        fill(engine, opened.modules(), tensors);
        Ops ops = engine.ops();
        return ops.withoutGradients(() -> {
            try (Ops.Scope scope = ops.scope()) {
                return (double) task.loss(opened.model().forward(batch, ForwardMode.EXACT), batch)
                        .getFloat();
            }
        });
    }

    /** Puts tensors into the modules that have them all; what they do not name, such as a classifier, stays. */
    public static void fill(
            EngineSession engine, List<? extends TrainableModule> modules, Map<AdapterTensor, float[]> tensors) {
        try (NDManager manager = engine.manager().newSubManager()) {
            Map<String, NDArray> arrays = new LinkedHashMap<>();
            tensors.forEach((tensor, values) ->
                    arrays.put(PeftNames.name(tensor.name()), manager.create(values, tensor.shape())));
            for (TrainableModule module : modules) {
                Map<String, NDArray> taken = new LinkedHashMap<>(arrays);
                taken.keySet().retainAll(module.state().keySet());
                if (!taken.isEmpty()) {
                    module.load(taken);
                    arrays.keySet().removeAll(taken.keySet());
                }
            }
            if (!arrays.isEmpty()) {
                throw new InputException(arrays.size() + " tensors of the adapter fit nowhere in the model; first "
                        + arrays.keySet().iterator().next());
            }
        }
    }
}
