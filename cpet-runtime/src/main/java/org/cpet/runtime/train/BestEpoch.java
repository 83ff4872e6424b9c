package org.cpet.runtime.train;

import ai.djl.ndarray.NDArray;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.cpet.runtime.checkpoint.Progress.Best;
import org.cpet.spi.model.TrainableTensor;
import org.cpet.spi.tensor.Ops;

/** The best epoch so far and a copy of the tensors it ended with. */
final class BestEpoch implements AutoCloseable {
    private final Ops ops;
    private final List<TrainableTensor> parameters;
    private final List<NDArray> copies;
    private Optional<Best> best = Optional.empty();

    BestEpoch(Ops ops, List<TrainableTensor> parameters) {
        this.ops = ops;
        this.parameters = parameters;
        this.copies = parameters.stream()
                .map(parameter -> ops.copy(parameter.value()))
                .toList();
    }

    Optional<Best> best() {
        return best;
    }

    /** Keeps the present tensors if this evaluation is the best so far. */
    void offer(Best candidate) {
        if (best.isEmpty() || best.get().isBeatenBy(candidate)) {
            best = Optional.of(candidate);
            for (int i = 0; i < copies.size(); i++) {
                ops.assign(copies.get(i), parameters.get(i).value());
            }
        }
    }

    /** Puts the best tensors back into the model. */
    void restore() {
        if (best.isPresent()) {
            for (int i = 0; i < copies.size(); i++) {
                ops.assign(parameters.get(i).value(), copies.get(i));
            }
        }
    }

    /** The copies by the names that a checkpoint gives them; none before the first evaluation. */
    Map<String, NDArray> state() {
        return best.isPresent() ? named() : Map.of();
    }

    /** Takes over what a checkpoint held. */
    void resume(Best saved, Map<String, NDArray> tensors) {
        best = Optional.of(saved);
        named().forEach((name, copy) -> ops.assign(copy, SavedTensors.require(tensors, name)));
    }

    private Map<String, NDArray> named() {
        Map<String, NDArray> state = new LinkedHashMap<>();
        IntStream.range(0, copies.size())
                .forEach(i -> state.put("best." + parameters.get(i).name(), copies.get(i)));
        return state;
    }

    @Override
    public void close() {
        copies.forEach(NDArray::close);
    }
}
