package org.cpet.plugin.pet.full;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cpet.spi.model.KeptIndices;
import org.cpet.spi.model.Lineage;
import org.cpet.spi.model.TrainableTensor;
import org.cpet.spi.pet.InheritanceReport;
import org.cpet.spi.tensor.Ops;

/**
 * Carries all tensors of a taught model over to one that kept some rows and columns of its linear layers, some layers and
 * some hidden channels.
 */
final class FullInheritance {
    private final Ops ops;
    private final Map<String, NDArray> taught;
    private final Lineage lineage;
    private final List<String> inherited = new ArrayList<>();
    private final List<String> sliced = new ArrayList<>();
    private final List<String> missed = new ArrayList<>();

    FullInheritance(Ops ops, Map<String, NDArray> taught, Lineage lineage) {
        this.ops = ops;
        this.taught = taught;
        this.lineage = lineage;
    }

    InheritanceReport carry(List<TrainableTensor> parameters) {
        parameters.forEach(this::carry);
        return new InheritanceReport(inherited, sliced, missed);
    }

    private void carry(TrainableTensor parameter) {
        String name = parameter.name();
        NDArray source = taught.get(name);
        if (source == null) {
            missed.add(name + ": not among the taught tensors");
            return;
        }
        Shape needed = parameter.value().getShape();
        KeptIndices kept = lineage.linears().get(name.substring(0, Math.max(0, name.lastIndexOf('.'))));
        if (source.getShape().equals(needed) && (kept == null || inPlace(kept, needed.dimension()))) {
            ops.assign(parameter.value(), source);
            inherited.add(name);
            return;
        }
        if (kept == null && carryHidden(parameter, source)) {
            return;
        }
        if (kept == null || !originalShape(kept, needed.dimension()).equals(source.getShape())) {
            missed.add(name + ": taught as " + source.getShape() + ", needed as " + needed);
            return;
        }
        copy(source, kept, parameter.value());
        sliced.add(name);
    }

    /** Whether nothing moved that a bias (one dimension) or a weight has. */
    private static boolean inPlace(KeptIndices kept, int dimensions) {
        return dimensions == 1 ? KeptIndices.isWhole(kept.rows(), kept.originalOut()) : kept.isWhole();
    }

    /** A tensor outside the linear layers, such as a table or a norm, whose last axis are the hidden channels. */
    private boolean carryHidden(TrainableTensor parameter, NDArray source) {
        long[] original = parameter.value().getShape().getShape().clone();
        int last = original.length - 1;
        int[] channels = lineage.hidden().rows();
        if (last < 0 || original[last] != channels.length) {
            return false;
        }
        original[last] = lineage.hidden().originalOut();
        if (!source.getShape().equals(new Shape(original))) {
            return false;
        }
        try (NDArray cut = ops.select(source, last, channels)) {
            ops.assign(parameter.value(), cut);
        }
        sliced.add(parameter.name());
        return true;
    }

    private static Shape originalShape(KeptIndices kept, int dimensions) {
        return dimensions == 1 ? new Shape(kept.originalOut()) : new Shape(kept.originalOut(), kept.originalIn());
    }

    private void copy(NDArray source, KeptIndices kept, NDArray target) {
        try (NDArray rows = ops.select(source, 0, kept.rows())) {
            if (target.getShape().dimension() == 1) {
                ops.assign(target, rows);
                return;
            }
            try (NDArray cut = ops.select(rows, 1, kept.columns())) {
                ops.assign(target, cut);
            }
        }
    }
}
