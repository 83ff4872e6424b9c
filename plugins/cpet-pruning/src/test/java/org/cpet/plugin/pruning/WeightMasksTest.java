package org.cpet.plugin.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.cpet.spi.OptionException;
import org.cpet.spi.compress.Compressor;
import org.cpet.spi.contract.ContractSession;
import org.cpet.spi.contract.Seeded;
import org.cpet.spi.contract.ToyBatch;
import org.cpet.spi.contract.ToySpec;
import org.cpet.spi.contract.ToyTransformer;
import org.cpet.spi.model.DenseLinear;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.ModelTensor;
import org.cpet.spi.model.TokenBatch;
import org.junit.jupiter.api.Test;

/** Scopes, Wanda and tiles; what a single matrix loses is in {@link MagnitudeMaskTest}. */
class WeightMasksTest {
    @Test
    void wandaWeighsEachWeightWithTheNormOfItsInput() {
        float[] scores = {0.5f, -0.2f, 0.1f, 0.4f};

        WeightScores.scale(scores, new double[] {1, 4, 10, 0.5});

        assertThat(scores).containsExactly(0.5f, -0.8f, 1, 0.2f);
        assertThat(MagnitudeMask.rows(scores, 4, 2)).containsExactly(false, true, true, false);
    }

    @Test
    void aTileKeepsTwoOfEveryRowAndColumn() {
        float[] tile = {16, 15, 3, 2, 14, 1, 13, 4, 5, 12, 6, 11, 7, 10, 9, 8};
        boolean[] kept = TileMask.of(tile, 4, GroupPattern.parse("2d"));

        assertThat(kept)
                .containsExactly(
                        true, true, false, false, //
                        true, false, true, false, //
                        false, true, false, true, //
                        false, false, true, true);
    }

    @Test
    void noRowOrColumnOfAnyTileKeepsMoreThanTwo() {
        Seeded.run(seed -> {
            float[] values = random(seed, 8 * 12);
            boolean[] kept = TileMask.of(values, 12, GroupPattern.parse("2d"));
            for (int tile = 0; tile < 6; tile++) {
                int corner = tile / 3 * 4 * 12 + tile % 3 * 4;
                for (int line = 0; line < 4; line++) {
                    int row = corner + line * 12;
                    int column = corner + line;
                    assertThat(IntStream.range(0, 4).filter(i -> kept[row + i]).count())
                            .isLessThanOrEqualTo(2);
                    assertThat(IntStream.range(0, 4)
                                    .filter(i -> kept[column + 12 * i])
                                    .count())
                            .isLessThanOrEqualTo(2);
                }
            }
        });
    }

    @Test
    void equalScoresOfATileKeepTheFirst() {
        float[] equal = new float[16];
        Arrays.fill(equal, 1);

        assertThat(TileMask.of(equal, 4, GroupPattern.parse("2d")))
                .containsExactly(
                        true, true, false, false, //
                        true, true, false, false, //
                        false, false, true, true, //
                        false, false, true, true);
    }

    @Test
    void tilesThatDoNotFitAreRefusedInThePlan() {
        try (ContractSession session = ContractSession.open();
                ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            Compressor tiles =
                    create(session, Optional.empty(), Optional.empty(), Optional.of("2d"), List.of("classifier"));

            assertThatThrownBy(() -> tiles.plan(model.layout()))
                    .isInstanceOf(OptionException.class)
                    .hasMessage("pattern: 2d needs matrices whose sides are multiples of 4; found layer classifier"
                            + " [3, 8]; allowed 1d, which fills short groups up");
        }
    }

    @Test
    void oneDimensionIsTwoOfFour() {
        assertThat(GroupPattern.parse("1d")).isEqualTo(GroupPattern.parse("2:4"));
    }

    @Test
    void aRowLosesWhatAStableSortWouldTake() {
        Seeded.run(seed -> {
            float[] values = random(seed, 60);
            for (int removed = 0; removed < 12; removed++) {
                boolean[] kept = MagnitudeMask.rows(values, 12, removed);
                for (int row = 0; row < 60; row += 12) {
                    boolean[] alone = MagnitudeMask.smallest(Arrays.copyOfRange(values, row, row + 12), removed);
                    assertThat(Arrays.copyOfRange(kept, row, row + 12)).isEqualTo(alone);
                }
            }
        });
    }

    /** floor(n s) of all weights compared go, the smallest, among equal ones the last, whatever the scope. */
    @Test
    void everyScopeRemovesTheExactNumberInAStableOrder() {
        for (PruningScope scope : PruningScope.values()) {
            try (ContractSession session = ContractSession.open();
                    ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
                few(session, model);
                Map<String, float[]> before = weights(model);

                create(session, Optional.of(0.37), Optional.of(scope), Optional.empty(), List.of())
                        .compress(model, ToyRows.NONE);

                Map<Object, List<Weight>> compared = new LinkedHashMap<>();
                model.linears().stream()
                        .filter(site -> site.role().inBlock())
                        .forEach(site -> IntStream.range(0, before.get(site.name()).length)
                                .forEach(i -> compared.computeIfAbsent(place(scope, site, i), name -> new ArrayList<>())
                                        .add(new Weight(before.get(site.name()), weights(site), i))));
                compared.values().forEach(WeightMasksTest::assertStable);
            }
        }
    }

    @Test
    void aLayersInputsAreMeasuredAfterThoseBeforeItWerePruned() {
        ToySpec spec = ToySpec.classifier();
        try (ContractSession session = ContractSession.open();
                ToyTransformer model = ToyTransformer.open(session, spec);
                ToyTransformer expected = ToyTransformer.open(session, spec)) {
            TokenBatch batch = ToyBatch.of(session.manager(), spec, 5);
            wanda(session, "all-linear").compress(model, ToyRows.of(batch));

            // the same by hand: layer 0 alone, then layer 1 on what layer 0 gives now
            for (int layer = 0; layer < 2; layer++) {
                String name = "toy.layer." + layer;
                List<LinearSite> sites = expected.linears().stream()
                        .filter(site -> site.name().startsWith(name))
                        .toList();
                WeightScores scores = WeightScores.of(
                        session.ops(),
                        new ActivationEnergy("unstructured_pruning", session.ops(), expected, 128)
                                .measure(sites, ToyRows.of(batch)));
                for (LinearSite site : sites) {
                    float[] values = scores.of(site);
                    boolean[] kept =
                            MagnitudeMask.rows(values, site.op().in(), site.op().in() / 2);
                    NDArray weight = site.op().weight();
                    IntStream.range(0, kept.length)
                            .filter(i -> !kept[i])
                            .forEach(i -> weight.set(
                                    new NDIndex(
                                            "{}, {}",
                                            i / site.op().in(),
                                            i % site.op().in()),
                                    0));
                }
            }
            assertThat(weights(model)).usingRecursiveComparison().isEqualTo(weights(expected));
        }
    }

    @Test
    void wandaNeedsRows() {
        try (ContractSession session = ContractSession.open();
                ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            Compressor wanda = wanda(session, "all-linear");

            assertThat(wanda.needsCalibration()).isTrue();
            assertThatThrownBy(() -> wanda.compress(model, ToyRows.NONE))
                    .hasMessage("unstructured_pruning: no calibration token reaches layer toy.layer.0.attention.query;"
                            + " found 0 tokens; allowed criterion: magnitude, or data with training rows");
        }
    }

    @Test
    void aScopeBesideAPatternIsRefused() {
        try (ContractSession session = ContractSession.open()) {
            assertThatThrownBy(() -> create(
                            session, Optional.empty(), Optional.of(PruningScope.ROW), Optional.of("2:4"), List.of()))
                    .isInstanceOf(OptionException.class)
                    .hasMessage("scope goes with sparsity and must be left out beside pattern, was ROW");
        }
    }

    private record Weight(float[] before, float[] after, int index) {
        boolean removed() {
            return after[index] == 0;
        }
    }

    private static void assertStable(List<Weight> weights) {
        List<Weight> largestFirst = weights.stream()
                .sorted(Comparator.comparingDouble((Weight weight) -> -Math.abs(weight.before()[weight.index()])))
                .toList();
        int kept = weights.size() - Shares.removed(weights.size(), 0.37);
        for (int i = 0; i < largestFirst.size(); i++) {
            assertThat(largestFirst.get(i).removed()).isEqualTo(i >= kept);
        }
    }

    private static Object place(PruningScope scope, LinearSite site, int index) {
        return switch (scope) {
            case MODEL -> "model";
            case LAYER -> site.name().substring(0, "toy.layer.0".length());
            case MATRIX -> site.name();
            case ROW -> site.name() + index / site.op().in();
        };
    }

    /** Weights of few magnitudes, none zero, so that thresholds lie among ties. */
    private static void few(ContractSession session, ToyTransformer model) {
        for (LinearSite site : model.linears()) {
            int size = site.op().out() * site.op().in();
            float[] values = random(site.name().hashCode(), size);
            NDArray weight = session.manager()
                    .create(values, new Shape(site.op().out(), site.op().in()));
            site.replace(DenseLinear.of(session.ops(), new ModelTensor(site.name() + ".weight", weight)));
        }
    }

    private static float[] random(long seed, int count) {
        RandomGenerator random = Seeded.random(seed, "weights");
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.nextInt(1, 5) * (random.nextBoolean() ? 0.5f : -0.5f);
        }
        return values;
    }

    private static Map<String, float[]> weights(ToyTransformer model) {
        Map<String, float[]> weights = new LinkedHashMap<>();
        model.linears().forEach(site -> weights.put(site.name(), weights(site)));
        return weights;
    }

    private static float[] weights(LinearSite site) {
        return site.op().weight().toFloatArray();
    }

    private static Compressor wanda(ContractSession session, String targets) {
        return new UnstructuredPruningFactory()
                .create(
                        new UnstructuredPruningOptions(
                                Optional.of(0.5),
                                Optional.empty(),
                                Optional.empty(),
                                WeightCriterion.WANDA,
                                128,
                                List.of(targets),
                                List.of()),
                        session.context(1));
    }

    private static Compressor create(
            ContractSession session,
            Optional<Double> sparsity,
            Optional<PruningScope> scope,
            Optional<String> pattern,
            List<String> include) {
        return new UnstructuredPruningFactory()
                .create(
                        new UnstructuredPruningOptions(
                                sparsity,
                                scope,
                                pattern,
                                WeightCriterion.MAGNITUDE,
                                128,
                                List.of("all-linear"),
                                include),
                        session.context(1));
    }
}
