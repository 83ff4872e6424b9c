package org.cpet.it.support;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cpet.runtime.train.TrainableClassifier;
import org.cpet.spi.loss.TaskLoss;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.model.TrainableTensor;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.pet.PetMethod;
import org.cpet.spi.pet.PetModule;
import org.cpet.spi.tensor.AdamWSettings;
import org.cpet.spi.tensor.Ops;

/**
 * A PET and the classification head on a model, trained on one batch.
 *
 * @param method planned for the model already
 */
public record TrainedPet(Ops ops, TransformerModel model, PetMethod method, TokenBatch batch, TaskLoss loss) {
    /** Nothing happens yet. */
    public static TrainedPet on(Ops ops, TransformerModel model, PetMethod method, TokenBatch batch, TaskLoss loss) {
        return new TrainedPet(ops, model, method, batch, loss);
    }

    /** The loss falls to 0.8 of the first, every tensor moves, and the model is what it was afterwards. */
    public void check(int steps, double learningRate) {
        float[] before = logits();
        long planned = method.plan(model.layout()).total();
        try (PetModule pet = method.attach(model)) {
            List<TrainableTensor> parameters = new ArrayList<>(pet.parameters());
            assertThat(parameters.stream()
                            .mapToLong(parameter -> parameter.value().size())
                            .sum())
                    .as("parameters planned")
                    .isEqualTo(planned);
            try (TrainableClassifier head = TrainableClassifier.attach(
                    ops, model, parameters.stream().map(TrainableTensor::name).collect(Collectors.toSet()))) {
                parameters.addAll(head.parameters());
                List<float[]> start = parameters.stream()
                        .map(parameter -> parameter.value().toFloatArray())
                        .toList();
                double first = step(ForwardMode.TRAINING);
                train(parameters, steps, learningRate);

                assertThat(step(ForwardMode.EXACT))
                        .as("loss after %s steps, %s at first", steps, first)
                        .isLessThanOrEqualTo(0.8 * first);
                for (int i = 0; i < start.size(); i++) {
                    assertThat(parameters.get(i).value().toFloatArray())
                            .as(parameters.get(i).name())
                            .isNotEqualTo(start.get(i));
                }
            }
        }
        assertThat(logits()).as("outputs after closing").containsExactly(before);
    }

    private void train(List<TrainableTensor> parameters, int steps, double learningRate) {
        List<NDArray> leaves = parameters.stream().map(TrainableTensor::value).toList();
        List<NDArray> first = leaves.stream().map(NDArray::zerosLike).toList();
        List<NDArray> second = leaves.stream().map(NDArray::zerosLike).toList();
        for (int step = 1; step <= steps; step++) {
            ops.seed(step);
            leaves.forEach(ops::zeroGradient);
            step(ForwardMode.TRAINING);
            ops.adamW(leaves, first, second, step, AdamWSettings.of(learningRate, 0));
        }
        leaves.forEach(ops::zeroGradient);
        Stream.concat(first.stream(), second.stream()).forEach(NDArray::close);
    }

    private double step(ForwardMode mode) {
        try (Ops.Scope scope = ops.scope()) {
            NDArray value = ops.withGradients(() -> loss.loss(model.forward(batch, mode), batch));
            ops.backward(value);
            return value.getFloat();
        }
    }

    private float[] logits() {
        try (Ops.Scope scope = ops.scope()) {
            return model.forward(batch, ForwardMode.EXACT).requireLogits().toFloatArray();
        }
    }
}
