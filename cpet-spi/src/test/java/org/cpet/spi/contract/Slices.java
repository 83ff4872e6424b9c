package org.cpet.spi.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cpet.spi.model.KeptIndices;
import org.cpet.spi.model.Lineage;
import org.cpet.spi.pet.InheritanceReport;
import org.cpet.spi.tensor.Ops;

/** Checks that tensors inherited by a narrowed model are the taught ones cut to what the model kept. */
final class Slices {
    private Slices() {}

    static void assertSliced(
            ContractSession session,
            Map<String, NDArray> taught,
            Map<String, NDArray> inherited,
            Lineage lineage,
            InheritanceReport report) {
        inherited.forEach((name, tensor) -> {
            NDArray original = taught.get(name);
            if (tensor.getShape().equals(original.getShape())) {
                assertThat(report.inherited()).contains(name);
                assertThat(Contracts.numbers(tensor)).as(name).containsExactly(Contracts.numbers(original));
            } else {
                assertThat(report.sliced()).contains(name);
                assertThat(cuts(session.ops(), original, tensor, kept(name, lineage)))
                        .as("%s is the taught tensor at kept rows or columns", name)
                        .anySatisfy(
                                cut -> assertThat(Contracts.numbers(cut)).containsExactly(Contracts.numbers(tensor)));
            }
        });
    }

    /** All ways to cut each axis that shrank, by the layer's kept rows or its kept columns. */
    private static List<NDArray> cuts(Ops ops, NDArray original, NDArray target, KeptIndices kept) {
        List<NDArray> cuts = List.of(original);
        for (int axis = 0; axis < target.getShape().dimension(); axis++) {
            long size = target.getShape().get(axis);
            if (size == original.getShape().get(axis)) {
                continue;
            }
            List<NDArray> next = new ArrayList<>();
            for (NDArray cut : cuts) {
                for (int[] positions : List.of(kept.rows(), kept.columns())) {
                    if (positions.length == size) {
                        next.add(ops.select(cut, axis, positions));
                    }
                }
            }
            cuts = next;
        }
        return cuts;
    }

    private static KeptIndices kept(String tensor, Lineage lineage) {
        return lineage.linears().entrySet().stream()
                .filter(entry -> tensor.startsWith(entry.getKey() + "."))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow(() -> new AssertionError(tensor + " shrank but does not begin with a layer's name"));
    }
}
