package org.cpet.plugin.estimation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.cpet.spi.estimate.Estimation;
import org.cpet.spi.estimate.Selection;
import org.cpet.spi.model.AttentionSite;
import org.cpet.spi.model.FeedForwardSite;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.model.TrainableTensor;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.pet.RankedPet;
import org.cpet.spi.pet.RankedPet.Part;
import org.cpet.spi.tensor.Ops;

/**
 * Masks in a model and marks around its PET. Each step's module ratios ρ (mean over real tokens of ‖Δ‖/‖base output‖) and
 * rank scores I are averaged over the second half of the steps; what is not a finite number counts as 0.
 */
final class LightPeftEstimation implements Estimation {
    private final LightPeftOptions options;
    private final Ops ops;
    private final TransformerModel model;
    private final RankedPet pet;
    private final RankScores rankScores;
    private final Map<AttentionSite, ScalarMask> heads = new LinkedHashMap<>();
    private final Map<FeedForwardSite, ScalarMask> neurons = new LinkedHashMap<>();
    private final List<OutputChange> changes;
    private final Map<String, NDArray> totals = new LinkedHashMap<>();
    private final Map<String, List<NDArray>> step = new LinkedHashMap<>();

    LightPeftEstimation(LightPeftOptions options, Ops ops, TransformerModel model, RankedPet pet) {
        this.options = options;
        this.ops = ops;
        this.model = model;
        this.pet = pet;
        this.rankScores = new RankScores(ops, options.importance());
        model.attentions()
                .forEach(site -> heads.put(
                        site,
                        new ScalarMask(ops, model.manager(), site.output(), "mask.head." + site.name(), site.heads())));
        model.feedForwards()
                .forEach(site -> neurons.put(
                        site,
                        new ScalarMask(ops, model.manager(), site.out(), "mask.ffn." + site.name(), site.units())));
        NDArray owner = pet.parts().get(0).down().value();
        this.changes = pet.parts().stream()
                .map(part -> new OutputChange(ops, part.site(), owner))
                .toList();
        pet.detach();
        changes.forEach(OutputChange::begin);
        pet.attach();
        changes.forEach(OutputChange::end);
        for (Part part : pet.parts()) {
            totals.put(ratio(part), model.manager().zeros(new Shape(1)));
            long rank = part.down().value().getShape().get(0);
            totals.put(score(part), model.manager().zeros(new Shape(rank)));
        }
    }

    static String ratio(Part part) {
        return "module_ratio." + part.site().name();
    }

    static String score(Part part) {
        return "rank_score." + part.site().name();
    }

    private Stream<ScalarMask> masks() {
        return Stream.concat(heads.values().stream(), neurons.values().stream());
    }

    @Override
    public List<TrainableTensor> parameters() {
        return masks().map(ScalarMask::values).toList();
    }

    @Override
    public NDArray penalty(TokenBatch batch) {
        ops.withoutGradients(() -> {
            changes.forEach(change -> change.take().ifPresent(ratios -> gather(change, ratios, batch)));
            return batch;
        });
        return ops.scale(masks().map(ScalarMask::norm).reduce(NDArray::add).orElseThrow(), options.lambda());
    }

    /** A step of several micro-batches has the mean of theirs. */
    private void gather(OutputChange change, NDArray ratios, TokenBatch batch) {
        String name = "module_ratio." + change.site().name();
        NDArray owner = total(name);
        try (ratios;
                Ops.Scope scope = ops.scope()) {
            NDArray mean = RealTokens.mean(ratios, batch, model.readsDecoder(change.site()));
            step.computeIfAbsent(name, key -> new ArrayList<>()).add(scope.keep(mean, owner));
        }
    }

    @Override
    public void observe(long number) {
        ops.withoutGradients(() -> {
            if (number > options.steps() / 2) {
                count();
            }
            forget();
            return number;
        });
    }

    @SuppressWarnings("try") // the scope frees what the sums are made of
    private void count() {
        try (Ops.Scope scope = ops.scope()) {
            for (Part part : pet.parts()) {
                List<NDArray> means = step.getOrDefault(ratio(part), List.of());
                means.stream().reduce(NDArray::add).ifPresent(sum -> add(ratio(part), sum.div(means.size())));
                add(score(part), rankScores.of(part));
            }
        }
    }

    private void add(String name, NDArray value) {
        NDArray total = total(name);
        NDArray finite = NDArrays.where(
                value.isNaN().logicalOr(value.isInfinite()), value.getManager().zeros(value.getShape()), value);
        ops.assign(total, total.add(finite.toType(DataType.FLOAT32, false).reshape(total.getShape())));
    }

    private NDArray total(String name) {
        return Objects.requireNonNull(totals.get(name), name);
    }

    @Override
    public Map<String, NDArray> state() {
        return totals;
    }

    @Override
    public Selection select() {
        Map<String, int[]> groups = new LinkedHashMap<>();
        heads.forEach((site, mask) -> groups.put(
                site.name(),
                Counts.highest(
                        Counts.blockMeans(mask.scores(), site.groups()), Counts.kept(site.groups(), options.heads()))));
        Map<String, double[]> units = new LinkedHashMap<>();
        neurons.forEach((site, mask) -> units.put(site.name(), mask.scores()));
        Map<String, Double> ratios = new LinkedHashMap<>();
        Map<String, double[]> ranks = new LinkedHashMap<>();
        for (Part part : pet.parts()) {
            ratios.put(part.site().name(), numbers(total(ratio(part)))[0]);
            ranks.put(part.site().name(), numbers(total(score(part))));
        }
        Choice choice = new Choice(options);
        return new Selection(groups, choice.units(units), choice.ranks(ratios, ranks));
    }

    private double[] numbers(NDArray tensor) {
        float[] values = tensor.toFloatArray();
        double[] numbers = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            numbers[i] = values[i];
        }
        return numbers;
    }

    @Override
    public void close() {
        changes.forEach(OutputChange::close);
        masks().forEach(ScalarMask::close);
        totals.values().forEach(NDArray::close);
        forget();
    }

    private void forget() {
        step.values().forEach(means -> means.forEach(NDArray::close));
        step.clear();
    }
}
