package org.cpet.plugin.pet.prefix;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.cpet.plugin.pet.prefix.PrefixShape.Part;
import org.cpet.spi.PluginContext;
import org.cpet.spi.model.TrainableTensor;
import org.cpet.spi.tensor.Initializers;

/**
 * The virtual keys and values themselves, one tensor [virtual tokens, width] for each slot.
 *
 * @param slots leaves in the order of the slots
 */
record PlainPrefix(List<TrainableTensor> slots) implements PrefixTensors {
    private static final double DEVIATION = 0.02;

    PlainPrefix {
        slots = List.copyOf(slots);
    }

    /** Starts from N(0, 0.02²). */
    static PlainPrefix fresh(PrefixShape shape, PluginContext context, NDManager manager) {
        return new PlainPrefix(shape.slots().stream()
                .map(slot -> {
                    Shape size = new Shape(shape.tokens(), slot.width());
                    try (NDArray drawn = Initializers.normal(manager, size, DEVIATION, context.random(slot.name()))) {
                        return new TrainableTensor(slot.name(), context.ops().trainable(drawn));
                    }
                })
                .toList());
    }

    @Override
    public List<TrainableTensor> parameters() {
        return slots;
    }

    @Override
    public NDArray columns(Part part) {
        NDArray all = slots.get(part.slot()).value();
        boolean whole = part.to() - part.from() == all.getShape().get(1);
        return whole ? all : all.get(new NDIndex().addAllDim().addSliceDim(part.from(), part.to()));
    }

    @Override
    public List<TrainableTensor> ofSlot(int slot) {
        return List.of(slots.get(slot));
    }

    @Override
    public int axis(TrainableTensor tensor) {
        return 1;
    }
}
