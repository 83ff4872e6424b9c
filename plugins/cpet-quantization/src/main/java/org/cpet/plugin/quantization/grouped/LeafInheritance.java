package org.cpet.plugin.quantization.grouped;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cpet.spi.model.KeptIndices;
import org.cpet.spi.model.Lineage;
import org.cpet.spi.pet.InheritanceReport;
import org.cpet.spi.tensor.Ops;

/** Carries taught matrices over to layers that kept some of their rows and of their columns, or whole groups of columns. */
final class LeafInheritance {
    private final Ops ops;
    private final Map<String, NDArray> taught;
    private final Lineage lineage;
    private final List<String> inherited = new ArrayList<>();
    private final List<String> sliced = new ArrayList<>();
    private final List<String> missed = new ArrayList<>();

    LeafInheritance(Ops ops, Map<String, NDArray> taught, Lineage lineage) {
        this.ops = ops;
        this.taught = taught;
        this.lineage = lineage;
    }

    InheritanceReport carry(List<PackedLeaf> leaves) {
        leaves.forEach(this::carry);
        return new InheritanceReport(inherited, sliced, missed);
    }

    private void carry(PackedLeaf leaf) {
        String name = leaf.parameter().name();
        NDArray source = taught.get(name);
        if (source == null) {
            missed.add(name + ": not among the taught tensors");
            return;
        }
        KeptIndices kept =
                lineage.linears().getOrDefault(leaf.site().name(), leaf.site().kept());
        int[] columns = leaf.columns(kept);
        int whole = leaf.wholeColumns(kept);
        Shape needed = new Shape(kept.originalOut(), whole);
        if (columns.length != leaf.leaf().getShape().get(1)
                || !source.getShape().equals(needed)) {
            missed.add(name + ": taught as " + source.getShape() + ", needed as " + needed);
        } else if (KeptIndices.isWhole(kept.rows(), kept.originalOut()) && KeptIndices.isWhole(columns, whole)) {
            ops.assign(leaf.leaf(), source);
            inherited.add(name);
        } else {
            cut(source, kept.rows(), columns, leaf.leaf());
            sliced.add(name);
        }
    }

    private void cut(NDArray source, int[] rows, int[] columns, NDArray target) {
        try (NDArray left = ops.select(source, 0, rows);
                NDArray both = ops.select(left, 1, columns)) {
            ops.assign(target, both);
        }
    }
}
