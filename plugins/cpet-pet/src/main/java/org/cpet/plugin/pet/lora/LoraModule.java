package org.cpet.plugin.pet.lora;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cpet.spi.OptionException;
import org.cpet.spi.lowrank.LowRankModule;
import org.cpet.spi.lowrank.LowRankPair;
import org.cpet.spi.model.DenseLinear;
import org.cpet.spi.model.Lineage;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.TrainableTensor;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.pet.InheritanceReport;
import org.cpet.spi.pet.RankedPet;
import org.cpet.spi.tensor.Ops;

/** LoRA updates beside the layers of a model. */
final class LoraModule implements RankedPet {
    private final Ops ops;
    private final LoraOptions options;
    private final TransformerModel model;
    private final LowRankModule pairs;
    private boolean merged;

    LoraModule(Ops ops, LoraOptions options, TransformerModel model, LowRankModule pairs) {
        this.ops = ops;
        this.options = options;
        this.model = model;
        this.pairs = pairs;
    }

    /** A loses the columns, B the rows that the layer lost. */
    @Override
    public InheritanceReport inherit(Map<String, NDArray> taught, Lineage lineage) {
        return new LoraInheritance(ops, taught, lineage).carry(pairs.pairs());
    }

    @Override
    public List<Part> parts() {
        return pairs.pairs().stream()
                .map(pair -> new Part(
                        pair.site(),
                        pair.down(),
                        pair.up(),
                        Arrays.stream(pair.ranks()).boxed().toList()))
                .toList();
    }

    @Override
    public double scale() {
        return options.scale();
    }

    @Override
    public void keepRanks(Map<String, int[]> ranks) {
        pairs.keepRanks(ranks);
    }

    @Override
    public boolean mergeable() {
        return unmergeable().isEmpty();
    }

    /** W ← W + s · B A in every layer, computed in float32. */
    @Override
    public void merge() {
        unmergeable().ifPresent(site -> {
            throw new OptionException("lora cannot be folded into '" + site.name() + "'; found a weight held as "
                    + site.op().storage() + "; allowed dense weights");
        });
        detach();
        pairs.pairs().forEach(this::merge);
        merged = true;
    }

    @SuppressWarnings("try") // the scope frees what the update is made of
    private void merge(LowRankPair pair) {
        DenseLinear dense = (DenseLinear) pair.site().op();
        NDArray merged = ops.copy(dense.weight());
        try (Ops.Scope scope = ops.scope()) {
            NDArray update = ops.withoutGradients(() -> pair.up()
                    .value()
                    .matMul(pair.down().value())
                    .mul(options.scale())
                    .add(merged));
            ops.assign(merged, update);
        }
        pair.site().replace(dense.withWeight(merged));
    }

    private Optional<LinearSite> unmergeable() {
        return pairs.pairs().stream()
                .map(LowRankPair::site)
                .filter(site -> !(site.op() instanceof DenseLinear))
                .findFirst();
    }

    @Override
    public Map<String, Object> peftConfig() {
        List<LinearSite> sites = pairs.pairs().stream().map(LowRankPair::site).toList();
        Map<String, Object> config = PeftLora.write(options, sites, model);
        RankPatterns.write(options, pairs.pairs(), config);
        return config;
    }

    @Override
    public List<TrainableTensor> parameters() {
        return pairs.parameters();
    }

    @Override
    public Map<String, NDArray> state() {
        return pairs.state();
    }

    @Override
    public void load(Map<String, NDArray> state) {
        pairs.load(state);
    }

    @Override
    public void attach() {
        if (merged) {
            throw new IllegalStateException("a merged module is part of the model's weights and cannot be attached");
        }
        pairs.attach();
    }

    @Override
    public void detach() {
        pairs.detach();
    }

    @Override
    public void close() {
        pairs.close();
    }
}
