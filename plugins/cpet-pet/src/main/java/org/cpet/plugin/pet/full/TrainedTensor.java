package org.cpet.plugin.pet.full;

import ai.djl.ndarray.NDArray;
import org.cpet.spi.model.ModelTensor;
import org.cpet.spi.tensor.Ops;

/**
 * A tensor of a model and the float32 leaf that is trained in its place.
 *
 * @param frozen what stands in the model while detached
 * @param leaf what stands in it while attached
 */
record TrainedTensor(ModelTensor tensor, NDArray frozen, NDArray leaf) {
    static TrainedTensor of(Ops ops, ModelTensor tensor) {
        return new TrainedTensor(tensor, tensor.value(), ops.trainable(tensor.value()));
    }

    /** Makes the trained values the model's own, in the model's type, and frees what stood there before. */
    void settle(Ops ops) {
        NDArray settled = ops.copy(frozen);
        ops.assign(settled, leaf);
        tensor.replace(settled).close();
    }
}
