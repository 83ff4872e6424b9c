package org.cpet.plugin.pet.prefix;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cpet.spi.model.Lineage;
import org.cpet.spi.model.TrainableTensor;
import org.cpet.spi.pet.InheritanceReport;
import org.cpet.spi.tensor.Ops;

/** Carries a taught prefix over to attentions that kept some of their key/value groups. */
final class PrefixInheritance {
    private final Ops ops;
    private final Map<String, NDArray> taught;
    private final Lineage lineage;
    private final List<String> inherited = new ArrayList<>();
    private final List<String> sliced = new ArrayList<>();
    private final List<String> missed = new ArrayList<>();

    PrefixInheritance(Ops ops, Map<String, NDArray> taught, Lineage lineage) {
        this.ops = ops;
        this.taught = taught;
        this.lineage = lineage;
    }

    InheritanceReport carry(PrefixShape shape, PrefixTensors tensors) {
        List<TrainableTensor> rest = new ArrayList<>(tensors.parameters());
        for (int slot = 0; slot < shape.slots().size(); slot++) {
            for (TrainableTensor tensor : tensors.ofSlot(slot)) {
                rest.remove(tensor);
                cut(shape.slots().get(slot), tensor, tensors.axis(tensor));
            }
        }
        rest.forEach(this::whole);
        return new InheritanceReport(inherited, sliced, missed);
    }

    private void whole(TrainableTensor target) {
        NDArray source = taught.get(target.name());
        if (source == null || !source.getShape().equals(target.value().getShape())) {
            miss(target, source, target.value().getShape());
            return;
        }
        ops.assign(target.value(), source);
        inherited.add(target.name());
    }

    private void cut(Slot slot, TrainableTensor target, int axis) {
        NDArray source = taught.get(target.name());
        Optional<int[]> left = slot.left(lineage);
        Shape needed = original(target.value().getShape(), axis, slot.original(lineage));
        if (source == null || !source.getShape().equals(needed)) {
            miss(target, source, needed);
        } else if (left.isEmpty()) {
            missed.add(target.name() + ": layers that share a part of it kept different heads");
        } else if (left.get().length == source.getShape().get(axis)) {
            ops.assign(target.value(), source);
            inherited.add(target.name());
        } else {
            try (NDArray cut = ops.select(source, axis, left.get())) {
                ops.assign(target.value(), cut);
            }
            sliced.add(target.name());
        }
    }

    private static Shape original(Shape now, int axis, int size) {
        long[] sizes = now.getShape().clone();
        sizes[axis] = size;
        return new Shape(sizes);
    }

    private void miss(TrainableTensor target, @org.jspecify.annotations.Nullable NDArray source, Shape needed) {
        missed.add(target.name()
                + (source == null
                        ? ": not among the taught tensors"
                        : ": taught as " + source.getShape() + ", needed as " + needed));
    }
}
