package org.cpet.plugin.quantization.grouped;

import ai.djl.ndarray.NDArray;
import java.util.stream.IntStream;
import org.cpet.spi.model.KeptIndices;
import org.cpet.spi.model.LinearOp;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.TrainableTensor;

/**
 * Δs of one layer; merging takes s + Δs for s.
 *
 * @param leaf float32 [out, groups]
 */
record TunedScales(LinearSite site, NDArray leaf) implements PackedLeaf {
    static final String SUFFIX = ".scale_delta";

    @Override
    public TrainableTensor parameter() {
        return new TrainableTensor(site.name() + SUFFIX, leaf);
    }

    @Override
    public int wholeColumns(KeptIndices kept) {
        return linear().codes().form().groups(kept.originalIn());
    }

    /** The original groups that the layer's groups are; group 0 where a row has one scale. */
    @Override
    public int[] columns(KeptIndices kept) {
        GroupedCodes codes = linear().codes();
        int size = codes.form().groupSize();
        if (size == 0) {
            return new int[] {0};
        }
        int[] columns = kept.columns();
        return IntStream.range(0, codes.groups())
                .map(group -> columns[group * size] / size)
                .toArray();
    }

    @Override
    public void attach() {
        linear().tune(leaf);
    }

    @Override
    public void detach() {
        linear().untune();
    }

    @Override
    public LinearOp merged() {
        return linear().settled(leaf);
    }

    private GroupedLinear linear() {
        return PackedTargets.linear(Peqa.NAME, site);
    }
}
