package org.cpet.plugin.pet.bitfit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Optional;
import org.cpet.plugin.pet.part.Axis;
import org.cpet.plugin.pet.part.Part;
import org.cpet.plugin.pet.part.PartTensor;
import org.cpet.spi.model.ModelTensor;
import org.cpet.spi.tensor.Ops;

/** The bias of a norm: while attached, a trainable leaf stands in its place. */
final class NormBias implements Part {
    private final Ops ops;
    private final ModelTensor tensor;
    private final NDArray frozen;
    private final PartTensor leaf;

    NormBias(Ops ops, NDManager manager, ModelTensor tensor) {
        this.ops = ops;
        this.tensor = tensor;
        this.frozen = tensor.value();
        this.leaf = PartTensor.of(
                ops, manager, tensor.name(), List.of(Axis.hidden(frozen.size())), (owner, shape) -> ops.copy(frozen));
    }

    @Override
    public List<PartTensor> tensors() {
        return List.of(leaf);
    }

    @Override
    public void attach() {
        tensor.replace(leaf.value());
    }

    @Override
    public void detach() {
        tensor.replace(frozen);
    }

    @Override
    public Optional<String> obstacle() {
        return Optional.empty();
    }

    @Override
    public void merge() {
        NDArray settled = ops.copy(frozen);
        ops.assign(settled, leaf.value());
        tensor.replace(settled).close();
    }
}
