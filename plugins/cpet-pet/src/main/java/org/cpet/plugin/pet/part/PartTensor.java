package org.cpet.plugin.pet.part;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.cpet.spi.model.KeptIndices;
import org.cpet.spi.model.Lineage;
import org.cpet.spi.model.TrainableTensor;
import org.cpet.spi.pet.InheritanceReport;
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

    /** Why the tensor cannot be carried over from what was taught; empty where its shape is the original's. */
    Optional<String> misfit(Map<String, NDArray> taught, Lineage lineage) {
        NDArray source = taught.get(name());
        if (source == null) {
            return Optional.of("not among the taught tensors");
        }
        return source.getShape().equals(original(lineage))
                ? Optional.empty()
                : Optional.of("taught as " + source.getShape() + ", needed as " + original(lineage));
    }

    /** Carries this tensor over, where a module has no other. */
    public InheritanceReport inherit(Ops ops, Map<String, NDArray> taught, Lineage lineage) {
        Optional<String> reason = misfit(taught, lineage);
        NDArray source = taught.get(name());
        if (reason.isPresent() || source == null) {
            return new InheritanceReport(List.of(), List.of(), List.of(name() + ": " + reason.orElseThrow()));
        }
        return take(ops, source, lineage)
                ? new InheritanceReport(List.of(), List.of(name()), List.of())
                : new InheritanceReport(List.of(name()), List.of(), List.of());
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
