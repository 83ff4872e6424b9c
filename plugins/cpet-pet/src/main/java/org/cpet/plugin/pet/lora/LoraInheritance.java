package org.cpet.plugin.pet.lora;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cpet.spi.lowrank.LowRankPair;
import org.cpet.spi.model.KeptIndices;
import org.cpet.spi.model.Lineage;
import org.cpet.spi.model.TrainableTensor;
import org.cpet.spi.pet.InheritanceReport;
import org.cpet.spi.tensor.Ops;

/** Carries taught A [r, in] and B [out, r] over to layers that kept some of their columns and rows. */
final class LoraInheritance {
    private final Ops ops;
    private final Map<String, NDArray> taught;
    private final Lineage lineage;
    private final List<String> inherited = new ArrayList<>();
    private final List<String> sliced = new ArrayList<>();
    private final List<String> missed = new ArrayList<>();

    LoraInheritance(Ops ops, Map<String, NDArray> taught, Lineage lineage) {
        this.ops = ops;
        this.taught = taught;
        this.lineage = lineage;
    }

    InheritanceReport carry(List<LowRankPair> pairs) {
        pairs.forEach(this::carry);
        return new InheritanceReport(inherited, sliced, missed);
    }

    /** Both factors or none: half an update would be noise. */
    private void carry(LowRankPair pair) {
        NDArray down = taught.get(pair.down().name());
        NDArray up = taught.get(pair.up().name());
        if (down == null || up == null) {
            miss(pair, "not among the taught tensors");
            return;
        }
        KeptIndices kept =
                lineage.linears().getOrDefault(pair.site().name(), pair.site().kept());
        int rank = pair.originalRank();
        Shape downNeeded = new Shape(rank, kept.originalIn());
        Shape upNeeded = new Shape(kept.originalOut(), rank);
        if (!down.getShape().equals(downNeeded) || !up.getShape().equals(upNeeded)) {
            miss(
                    pair,
                    "taught as " + down.getShape() + " and " + up.getShape() + ", needed as " + downNeeded + " and "
                            + upNeeded);
            return;
        }
        copy(down, pair.down(), pair.ranks(), kept.columns());
        copy(up, pair.up(), kept.rows(), pair.ranks());
    }

    /** target ← source[rows, columns] */
    private void copy(NDArray source, TrainableTensor target, int[] rows, int[] columns) {
        Shape shape = source.getShape();
        if (KeptIndices.isWhole(rows, (int) shape.get(0)) && KeptIndices.isWhole(columns, (int) shape.get(1))) {
            ops.assign(target.value(), source);
            inherited.add(target.name());
            return;
        }
        try (NDArray narrow = ops.select(source, 0, rows);
                NDArray cut = ops.select(narrow, 1, columns)) {
            ops.assign(target.value(), cut);
        }
        sliced.add(target.name());
    }

    private void miss(LowRankPair pair, String reason) {
        missed.add(pair.down().name() + ": " + reason);
        missed.add(pair.up().name() + ": " + reason);
    }
}
