package org.cpet.runtime.script;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.cpet.runtime.interop.PeftNames;
import org.cpet.spi.model.TrainableModule;
import org.cpet.spi.model.TrainableTensor;
import org.cpet.spi.tensor.AdamWSettings;
import org.cpet.spi.tensor.Ops;

/**
 * The loss, the gradient of every trainable tensor, and N full-batch AdamW steps, so that anyone can check this runtime
 * against another framework. {@code loss_per_step[i]} is the loss before update i. No clipping, no schedule.
 */
final class GradientTrace {
    private final Ops ops;
    private final List<TrainableTensor> parameters;
    private final Objective objective;

    GradientTrace(Ops ops, List<? extends TrainableModule> modules, Objective objective) {
        this.ops = ops;
        this.parameters =
                modules.stream().flatMap(module -> module.parameters().stream()).toList();
        this.objective = objective;
    }

    /** What is differentiated; each call runs the model again. */
    interface Objective {
        /** The loss as a scalar that carries a graph. */
        NDArray loss();
    }

    /** Runs {@code steps} updates and gives {@code loss}, {@code grad.*}, {@code loss_per_step}, {@code final.*}. */
    Map<String, NDArray> run(int steps, AdamWSettings settings) {
        Map<String, NDArray> results = new LinkedHashMap<>();
        List<NDArray> leaves = parameters.stream().map(TrainableTensor::value).toList();
        List<NDArray> first = leaves.stream().map(NDArray::zerosLike).toList();
        List<NDArray> second = leaves.stream().map(NDArray::zerosLike).toList();
        List<Float> losses = new ArrayList<>();
        losses.add(backward());
        parameters.forEach(
                parameter -> results.put("grad." + key(parameter), ops.copy(ops.gradient(parameter.value()))));
        for (int step = 1; step <= steps; step++) {
            ops.adamW(leaves, first, second, step, settings);
            leaves.forEach(ops::zeroGradient);
            if (step < steps) {
                losses.add(backward());
            }
        }
        results.put("loss", scalar(losses.get(0)));
        if (steps > 0) {
            results.put("loss_per_step", vector(losses));
            parameters.forEach(parameter -> results.put("final." + key(parameter), ops.copy(parameter.value())));
        }
        leaves.forEach(ops::zeroGradient);
        first.forEach(NDArray::close);
        second.forEach(NDArray::close);
        return results;
    }

    private String key(TrainableTensor parameter) {
        return PeftNames.key(
                parameter.name(), parameters.stream().map(TrainableTensor::name).collect(Collectors.toSet()));
    }

    private float backward() {
        try (Ops.Scope scope = ops.scope()) {
            return ops.withGradients(() -> {
                NDArray loss = objective.loss();
                ops.backward(loss);
                return loss.getFloat();
            });
        }
    }

    private NDArray scalar(float value) {
        return parameters.get(0).value().getManager().create(value);
    }

    private NDArray vector(List<Float> values) {
        float[] array = new float[values.size()];
        for (int i = 0; i < array.length; i++) {
            array[i] = values.get(i);
        }
        return parameters.get(0).value().getManager().create(array, new Shape(array.length));
    }
}
