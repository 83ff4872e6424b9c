package org.cpet.plugin.pet.part;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.function.BiFunction;
import org.cpet.spi.model.KeptIndices;
import org.cpet.spi.model.Lineage;
import org.cpet.spi.model.TrainableTensor;
import org.cpet.spi.tensor.Ops;

/**
 * A trainable tensor that knows what its axes run over, so that it can be inherited across changed shapes.
 *
 * @param axes one for each axis of the tensor
 */
public record PartTensor(TrainableTensor tensor, List<Axis> axes) {
    public PartTensor {
        axes = List.copyOf(axes);
    }

    /** A new leaf, with what {@code start} draws for its shape. */
    public static PartTensor of(
            Ops ops, NDManager manager, String name, List<Axis> axes, BiFunction<NDManager, Shape, NDArray> start) {
        Shape shape = new Shape(axes.stream().mapToLong(Axis::size).toArray());
        try (NDArray drawn = start.apply(manager, shape)) {
            return new PartTensor(new TrainableTensor(name, ops.trainable(drawn)), axes);
        }
    }

    /** Its name. */
    public String name() {
        return tensor.name();
    }

    /** The leaf. */
    public NDArray value() {
        return tensor.value();
    }

    /** The shape of the same tensor on the original model. */
    Shape original(Lineage lineage) {
        return new Shape(axes.stream().mapToLong(axis -> axis.original(lineage)).toArray());
    }

    /** Takes over a tensor of the original shape, cut to what is left of each axis; whether something was cut. */
    boolean take(Ops ops, NDArray source, Lineage lineage) {
        NDArray cut = ops.copy(source);
        boolean shrank = false;
        for (int i = 0; i < axes.size(); i++) {
            int[] left = axes.get(i).left(lineage);
            if (!KeptIndices.isWhole(left, (int) cut.getShape().get(i))) {
                NDArray narrower = ops.select(cut, i, left);
                cut.close();
                cut = narrower;
                shrank = true;
            }
        }
        try (NDArray taken = cut) {
            ops.assign(value(), taken);
        }
        return shrank;
    }
}
