package org.cpet.runtime.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cpet.spi.model.TrainableTensor;
import org.cpet.spi.tensor.AdamWSettings;
import org.cpet.spi.tensor.Ops;

/** AdamW over all trainable tensors of a stage: float32 masters and two float32 moments each. */
final class AdamW implements AutoCloseable {
    private final Ops ops;
    private final List<TrainableTensor> parameters;
    private final List<NDArray> leaves;
    private final List<NDArray> firstMoments;
    private final List<NDArray> secondMoments;

    AdamW(Ops ops, List<TrainableTensor> parameters) {
        this.ops = ops;
        this.parameters = List.copyOf(parameters);
        this.leaves = parameters.stream().map(TrainableTensor::value).toList();
        this.firstMoments = leaves.stream().map(AdamW::zeros).toList();
        this.secondMoments = leaves.stream().map(AdamW::zeros).toList();
    }

    List<NDArray> leaves() {
        return leaves;
    }

    /** Clips to the joint norm, steps, forgets the gradients; gives the norm before clipping, on the device. */
    NDArray step(long step, AdamWSettings settings, double maxNorm) {
        NDArray norm = ops.clipGradients(leaves, maxNorm);
        ops.adamW(leaves, firstMoments, secondMoments, step, settings);
        leaves.forEach(ops::zeroGradient);
        return norm;
    }

    /** Names of tensors that no gradient has reached in any step so far: their second moment is still zero. */
    List<String> untouched() {
        return java.util.stream.IntStream.range(0, leaves.size())
                .filter(i -> isZero(secondMoments.get(i)))
                .mapToObj(i -> parameters.get(i).name())
                .toList();
    }

    /** Masters and moments by the names that a checkpoint gives them. */
    Map<String, NDArray> state() {
        Map<String, NDArray> state = new LinkedHashMap<>();
        for (int i = 0; i < leaves.size(); i++) {
            String name = parameters.get(i).name();
            state.put("value." + name, leaves.get(i));
            state.put("exp_avg." + name, firstMoments.get(i));
            state.put("exp_avg_sq." + name, secondMoments.get(i));
        }
        return state;
    }

    private static NDArray zeros(NDArray leaf) {
        return leaf.getManager().zeros(leaf.getShape(), DataType.FLOAT32);
    }

    private static boolean isZero(NDArray moment) {
        try (NDArray largest = moment.max()) {
            return largest.getFloat() == 0f;
        }
    }

    @Override
    public void close() {
        firstMoments.forEach(NDArray::close);
        secondMoments.forEach(NDArray::close);
    }
}
