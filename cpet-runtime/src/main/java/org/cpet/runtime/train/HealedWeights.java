package org.cpet.runtime.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.ModelTensor;
import org.cpet.spi.model.ModuleState;
import org.cpet.spi.model.TrainableTensor;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.Ops;

/**
 * The weights and biases of a model's attention and FFN blocks as float32 leaves. A weight that is zero stays zero: its
 * gradient never reaches the optimizer, so what pruning removed stays removed, in whatever pattern.
 */
final class HealedWeights implements AutoCloseable {
    private final Ops ops;
    private final List<Healed> tensors = new ArrayList<>();

    private HealedWeights(Ops ops) {
        this.ops = ops;
    }

    /** One tensor: what stood in the model, the leaf that stands there now, and 1 where a weight may change. */
    private record Healed(ModelTensor tensor, NDArray frozen, TrainableTensor leaf, List<NDArray> mask) {}

    /** Puts leaves in place of the weights. */
    static HealedWeights of(Ops ops, TransformerModel model) {
        HealedWeights healed = new HealedWeights(ops);
        model.linears().stream()
                .filter(site -> site.role().inBlock())
                .map(LinearSite::op)
                .flatMap(op -> op.tensors().stream())
                .forEach(healed::add);
        return healed;
    }

    private void add(ModelTensor tensor) {
        NDArray frozen = tensor.value();
        NDArray leaf = ops.trainable(frozen);
        List<NDArray> mask = new ArrayList<>();
        try (Ops.Scope scope = ops.scope()) {
            NDArray alive = ops.detach(leaf).neq(0);
            boolean pruned = frozen.getShape().dimension() > 1 && !alive.all().getBoolean();
            if (pruned) {
                mask.add(scope.keep(alive.toType(DataType.FLOAT32, false), leaf));
            }
        }
        tensors.add(new Healed(tensor, frozen, new TrainableTensor(tensor.name(), leaf), mask));
        tensor.replace(leaf);
    }

    List<TrainableTensor> parameters() {
        return tensors.stream().map(Healed::leaf).toList();
    }

    /** Takes the gradients of pruned weights away. */
    void hold() {
        for (Healed healed : tensors) {
            healed.mask.forEach(mask -> ops.gradient(healed.leaf.value()).muli(mask));
        }
    }

    /** What the weights have become, by name. */
    Map<String, NDArray> state() {
        return new LinkedHashMap<>(ModuleState.of(parameters()));
    }

    void load(Map<String, NDArray> state) {
        ModuleState.load(ops, state(), state);
    }

    /** The trained values become the model's own, frozen and in its type; nothing of training is left. */
    @Override
    public void close() {
        for (Healed healed : tensors) {
            NDArray settled = ops.copy(healed.frozen);
            ops.assign(settled, healed.leaf.value());
            healed.tensor.replace(settled).close();
            healed.frozen.close();
            healed.mask.forEach(NDArray::close);
        }
        tensors.clear();
    }
}
