package org.cpet.plugin.quantization.grouped;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.cpet.spi.model.KeptIndices;
import org.cpet.spi.model.Lineage;
import org.cpet.spi.pet.InheritanceReport;
import org.cpet.spi.tensor.Ops;

/** Carries taught Δs [out, groups] over to layers that kept some of their rows and whole groups of their columns. */
final class PeqaInheritance {
    private final Ops ops;
    private final Map<String, NDArray> taught;
    private final Lineage lineage;
    private final List<String> inherited = new ArrayList<>();
    private final List<String> sliced = new ArrayList<>();
    private final List<String> missed = new ArrayList<>();

    PeqaInheritance(Ops ops, Map<String, NDArray> taught, Lineage lineage) {
        this.ops = ops;
        this.taught = taught;
        this.lineage = lineage;
    }

    InheritanceReport carry(List<TunedScales> layers) {
        layers.forEach(this::carry);
        return new InheritanceReport(inherited, sliced, missed);
    }

    private void carry(TunedScales layer) {
        String name = layer.parameter().name();
        NDArray source = taught.get(name);
        if (source == null) {
            missed.add(name + ": not among the taught tensors");
            return;
        }
        KeptIndices kept =
                lineage.linears().getOrDefault(layer.site().name(), layer.site().kept());
        int[] groups = groups(kept, layer.linear().codes());
        int original = layer.linear().codes().form().groups(kept.originalIn());
        Shape needed = new Shape(kept.originalOut(), original);
        if (groups.length != layer.leaf().getShape().get(1)
                || !source.getShape().equals(needed)) {
            missed.add(name + ": taught as " + source.getShape() + ", needed as " + needed);
            return;
        }
        copy(source, layer, kept.rows(), groups, needed);
    }

    private void copy(NDArray source, TunedScales layer, int[] rows, int[] groups, Shape needed) {
        String name = layer.parameter().name();
        if (layer.leaf().getShape().equals(needed)) {
            ops.assign(layer.leaf(), source);
            inherited.add(name);
            return;
        }
        try (NDArray left = ops.select(source, 0, rows);
                NDArray cut = ops.select(left, 1, groups)) {
            ops.assign(layer.leaf(), cut);
        }
        sliced.add(name);
    }

    /** The original groups that the layer's groups are; all of them 0 where a row has one scale. */
    private static int[] groups(KeptIndices kept, GroupedCodes codes) {
        if (codes.form().groupSize() == 0) {
            return new int[] {0};
        }
        int size = codes.form().groupSize();
        int[] columns = kept.columns();
        return IntStream.range(0, codes.groups())
                .map(group -> columns[group * size] / size)
                .toArray();
    }
}
