package org.cpet.plugin.pet.part;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cpet.spi.model.Lineage;
import org.cpet.spi.pet.InheritanceReport;
import org.cpet.spi.tensor.Ops;

/** Carries the tensors of each part over, cut to kept rows and columns; all of a part or none of it. */
final class PartsInheritance {
    private final Ops ops;
    private final Map<String, NDArray> taught;
    private final Lineage lineage;
    private final List<String> inherited = new ArrayList<>();
    private final List<String> sliced = new ArrayList<>();
    private final List<String> missed = new ArrayList<>();

    PartsInheritance(Ops ops, Map<String, NDArray> taught, Lineage lineage) {
        this.ops = ops;
        this.taught = taught;
        this.lineage = lineage;
    }

    InheritanceReport carry(List<Part> parts) {
        parts.forEach(this::carry);
        return new InheritanceReport(inherited, sliced, missed);
    }

    private void carry(Part part) {
        Optional<String> reason = part.tensors().stream()
                .map(tensor -> tensor.misfit(taught, lineage))
                .flatMap(Optional::stream)
                .findFirst()
                .or(() -> part.uninheritable(lineage));
        for (PartTensor tensor : part.tensors()) {
            NDArray source = taught.get(tensor.name());
            if (reason.isPresent() || source == null) {
                missed.add(tensor.name() + ": " + reason.orElse("not among the taught tensors"));
            } else {
                (tensor.take(ops, source, lineage) ? sliced : inherited).add(tensor.name());
            }
        }
    }
}
