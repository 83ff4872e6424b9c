package org.cpet.spi.lowrank;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.cpet.spi.model.ModuleState;
import org.cpet.spi.model.TrainableModule;
import org.cpet.spi.model.TrainableTensor;
import org.cpet.spi.tensor.Ops;

/** Low-rank pairs beside some layers of a model. */
public final class LowRankModule implements TrainableModule {
    private final Ops ops;
    private List<LowRankPair> pairs;
    private boolean attached;

    LowRankModule(Ops ops, List<LowRankPair> pairs) {
        this.ops = ops;
        this.pairs = List.copyOf(pairs);
    }

    /** One for each layer, in the model's order. */
    public List<LowRankPair> pairs() {
        return pairs;
    }

    /** Keeps these ranks of each pair, by its layer's name; a pair that is not listed goes. */
    public void keepRanks(Map<String, int[]> ranks) {
        boolean wasAttached = attached;
        detach();
        List<LowRankPair> left = new ArrayList<>();
        for (LowRankPair pair : pairs) {
            int[] kept = ranks.get(pair.site().name());
            if (kept != null) {
                left.add(pair.keepRanks(kept));
            }
        }
        parameters().forEach(parameter -> parameter.value().close());
        pairs = List.copyOf(left);
        if (wasAttached) {
            attach();
        }
    }

    @Override
    public List<TrainableTensor> parameters() {
        return pairs.stream().flatMap(pair -> Stream.of(pair.down(), pair.up())).toList();
    }

    @Override
    public Map<String, NDArray> state() {
        return ModuleState.of(parameters());
    }

    @Override
    public void load(Map<String, NDArray> state) {
        ModuleState.load(ops, state(), state);
    }

    @Override
    public void attach() {
        if (!attached) {
            pairs.forEach(pair -> pair.site().add(pair));
            attached = true;
        }
    }

    @Override
    public void detach() {
        if (attached) {
            pairs.forEach(pair -> pair.site().remove(pair));
            attached = false;
        }
    }

    @Override
    public void close() {
        detach();
        parameters().forEach(parameter -> parameter.value().close());
    }
}
