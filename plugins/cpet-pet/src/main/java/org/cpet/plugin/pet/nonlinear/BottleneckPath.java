package org.cpet.plugin.pet.nonlinear;

import java.util.List;
import java.util.Optional;
import org.cpet.plugin.pet.part.Axis;
import org.cpet.plugin.pet.part.Part;
import org.cpet.plugin.pet.part.PartTensor;
import org.cpet.spi.lowrank.LowRankPair;

/** D [r, in] and U [out, r] beside one layer; D loses the columns, U the rows that the layer lost. */
record BottleneckPath(LowRankPair pair, int rank) implements Part {
    @Override
    public List<PartTensor> tensors() {
        Axis inner = Axis.whole(rank);
        return List.of(
                new PartTensor(pair.down(), List.of(inner, Axis.columns(pair.site()))),
                new PartTensor(pair.up(), List.of(Axis.rows(pair.site()), inner)));
    }

    @Override
    public void attach() {
        pair.site().add(pair);
    }

    @Override
    public void detach() {
        pair.site().remove(pair);
    }

    @Override
    public Optional<String> obstacle() {
        return Optional.of("'" + pair.site().name() + "'; found a non-linearity; allowed linear updates such as lora");
    }

    @Override
    public void merge() {
        throw new IllegalStateException("no weight does what a non-linearity does");
    }
}
