package org.cpet.plugin.pet.prefix;

import ai.djl.ndarray.NDArray;
import java.util.List;
import org.cpet.plugin.pet.prefix.PrefixShape.Part;
import org.cpet.spi.model.TrainableTensor;

/** What the virtual keys and values are made of. */
interface PrefixTensors {
    /** What is trained, in a fixed order. */
    List<TrainableTensor> parameters();

    /** Columns of a slot, [virtual tokens, to − from]. */
    NDArray columns(Part part);

    /** The trained tensors that belong to a slot and have its width on an axis. */
    List<TrainableTensor> ofSlot(int slot);

    /** The axis of a tensor of {@link #ofSlot} that the slot's columns lie on. */
    int axis(TrainableTensor tensor);

    /** Frees the tensors. */
    default void close() {
        parameters().forEach(parameter -> parameter.value().close());
    }
}
