package org.cpet.plugin.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.InputException;
import org.cpet.spi.OptionException;
import org.cpet.spi.compress.CompressionReport;
import org.cpet.spi.compress.Compressor;
import org.cpet.spi.compress.FirstRows;
import org.cpet.spi.contract.ContractSession;
import org.cpet.spi.contract.ToyBatch;
import org.cpet.spi.contract.ToySpec;
import org.cpet.spi.contract.ToyTransformer;
import org.cpet.spi.model.AttentionSite;
import org.cpet.spi.model.FeedForwardSite;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.TokenBatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StructuredPruningTest {
    @TempDir
    private Path folder;

    @Test
    void thePlanIsWhatCompressionDoes() {
        for (ToySpec spec :
                new ToySpec[] {ToySpec.classifier(), ToySpec.languageModel().grouped(2)}) {
            try (ContractSession session = ContractSession.open();
                    ToyTransformer model = ToyTransformer.open(session, spec)) {
                Compressor pruning = create(session, shares(0.5, 0.6, Criterion.ACTIVATION));
                ModelLayout planned = pruning.plan(model.layout());

                pruning.compress(model, ToyRows.of(ToyBatch.of(session.manager(), spec, 5)));

                assertThat(model.layout().linears()).isEqualTo(planned.linears());
                assertThat(model.layout().attentions()).isEqualTo(planned.attentions());
                assertThat(model.layout().feedForwards()).isEqualTo(planned.feedForwards());
                assertThat(model.attentions().get(1).groups()).isEqualTo(1);
                // 12 * 0.4 = 4.8
                assertThat(model.feedForwards().get(1).units()).isEqualTo(5);
            }
        }
    }

    @Test
    void theResultIsTheModelWithRemovedUnitsSilenced() {
        ToySpec spec = ToySpec.languageModel().grouped(2);
        try (ContractSession session = ContractSession.open();
                ToyTransformer pruned = ToyTransformer.open(session, spec);
                ToyTransformer silenced = ToyTransformer.open(session, spec)) {
            TokenBatch batch = ToyBatch.of(session.manager(), spec, 5);

            CompressionReport report =
                    create(session, shares(0.5, 0.5, Criterion.ACTIVATION)).compress(pruned, ToyRows.of(batch));

            for (AttentionSite block : silenced.attentions()) {
                int width = block.headDim() * block.queriesPerGroup();
                silence(block.output().op().weight(), report.keptGroups().get(block.name()), block.groups(), width);
            }
            for (FeedForwardSite block : silenced.feedForwards()) {
                silence(block.out().op().weight(), report.keptUnits().get(block.name()), block.units(), 1);
            }
            float[] expected =
                    silenced.forward(batch, ForwardMode.EXACT).requireLogits().toFloatArray();
            // the same products, summed in another order
            assertThat(pruned.forward(batch, ForwardMode.EXACT).requireLogits().toFloatArray())
                    .containsExactly(expected, within(1e-5f));
        }
    }

    @Test
    void nothingIsLeftBehind() {
        try (ContractSession session = ContractSession.open();
                ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            TokenBatch batch = ToyBatch.of(session.manager(), ToySpec.classifier(), 5);
            int weights = model.manager().getManagedArrays().size();
            int others = session.manager().getManagedArrays().size();

            create(session, shares(0.5, 0.5, Criterion.ACTIVATION)).compress(model, ToyRows.of(batch));

            assertThat(model.manager().getManagedArrays()).hasSize(weights);
            assertThat(session.manager().getManagedArrays()).hasSize(others);
        }
    }

    @Test
    void neuronsThatNeverFireGoFirst() {
        try (ContractSession session = ContractSession.open();
                ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            FeedForwardSite block = model.feedForwards().get(0);
            for (int silent : new int[] {0, 3, 11}) {
                block.ins().get(0).op().weight().set(new NDIndex("{}", silent), 0);
                block.ins().get(0).op().bias().get(0).set(new NDIndex("{}", silent), 0);
            }

            create(session, shares(0, 0.25, Criterion.ACTIVATION))
                    .compress(model, ToyRows.of(ToyBatch.of(session.manager(), ToySpec.classifier(), 5)));

            assertThat(block.keptUnits()).containsExactly(1, 2, 4, 5, 6, 7, 8, 9, 10);
        }
    }

    @Test
    void paddingHasNoSay() {
        ToySpec spec = ToySpec.classifier();
        try (ContractSession session = ContractSession.open()) {
            TokenBatch batch = ToyBatch.of(session.manager(), spec, 5);
            NDArray other =
                    batch.inputIds().add(batch.attentionMask().neg().add(1).mul(7));
            double[] expected = energy(session, spec, batch);

            assertThat(energy(session, spec, TokenBatch.of(other, batch.attentionMask())))
                    .isEqualTo(expected);
            assertThat(energy(
                            session,
                            spec,
                            TokenBatch.of(other, batch.attentionMask().onesLike())))
                    .isNotEqualTo(expected);
        }
    }

    @Test
    void theBatchSizeHasNoSayInWhichRowsCount() {
        ToySpec spec = ToySpec.classifier();
        try (ContractSession session = ContractSession.open();
                ToyTransformer model = ToyTransformer.open(session, spec)) {
            TokenBatch batch = ToyBatch.of(session.manager(), spec, 5);
            TokenBatch first = FirstRows.of(batch, 1);
            var sites = model.feedForwards().stream().map(FeedForwardSite::out).toList();
            var two = new ActivationEnergy("structured_pruning", session.ops(), model, 2)
                    .measure(sites, ToyRows.of(batch, batch));
            var single = new ActivationEnergy("structured_pruning", session.ops(), model, 2)
                    .measure(
                            sites,
                            ToyRows.of(
                                    first,
                                    TokenBatch.of(
                                            batch.inputIds().get("1:3"),
                                            batch.attentionMask().get("1:3"))));

            // a batch of other rows rounds its sums differently
            two.forEach((name, means) -> assertThat(single.get(name)).containsExactly(means, within(1e-6)));
        }
    }

    @Test
    void magnitudeNeedsNoRowsAndKeepsTheFirstAmongEquals() {
        try (ContractSession session = ContractSession.open();
                ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            NDArray reader = model.feedForwards().get(0).out().op().weight();
            reader.muli(0).addi(1);
            reader.set(new NDIndex(":, 7"), 2);
            Compressor pruning = create(session, shares(0, 0.75, Criterion.MAGNITUDE));

            assertThat(pruning.needsCalibration()).isFalse();
            pruning.compress(model, ToyRows.NONE);

            assertThat(model.feedForwards().get(0).keptUnits()).containsExactly(0, 1, 7);
        }
    }

    @Test
    void oneHeadIsLeft() {
        try (ContractSession session = ContractSession.open();
                ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            create(session, shares(0.99, 0.99, Criterion.MAGNITUDE)).compress(model, ToyRows.NONE);

            assertThat(model.attentions())
                    .allSatisfy(block -> assertThat(block.groups()).isEqualTo(1));
            assertThat(model.feedForwards())
                    .allSatisfy(block -> assertThat(block.units()).isEqualTo(1));
            TokenBatch batch = ToyBatch.of(session.manager(), ToySpec.classifier(), 5);
            assertThat(model.forward(batch, ForwardMode.EXACT).requireLogits().toFloatArray())
                    .doesNotContain(Float.NaN);
        }
    }

    @Test
    void sharesOfZeroSayThatNothingHappens() {
        try (ContractSession session = ContractSession.open();
                ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            ModelLayout before = model.layout();
            Compressor nothing = create(session, shares(0, 0, Criterion.ACTIVATION));

            assertThat(nothing.needsCalibration()).isFalse();
            assertThat(nothing.compress(model, ToyRows.NONE).sites()).isEmpty();

            assertThat(model.layout().linears()).isEqualTo(before.linears());
            assertThat(session.notices())
                    .containsExactly("structured_pruning removes nothing: its shares are 0, or keep lists nothing");
        }
    }

    @Test
    void theActivationCriterionNeedsRows() {
        try (ContractSession session = ContractSession.open();
                ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            Compressor pruning = create(session, shares(0.5, 0, Criterion.ACTIVATION));

            assertThat(pruning.needsCalibration()).isTrue();
            assertThatThrownBy(() -> pruning.compress(model, ToyRows.NONE))
                    .isInstanceOf(CpetException.class)
                    .hasMessage("structured_pruning: no calibration token reaches layer toy.layer.0.attention.output;"
                            + " found 0 tokens; allowed criterion: magnitude, or data with training rows")
                    .extracting(e -> ((CpetException) e).exitCode())
                    .isEqualTo(ExitCode.RECIPE);
        }
    }

    @Test
    void weightsThatAreNotFiniteAreRefused() {
        try (ContractSession session = ContractSession.open();
                ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            model.feedForwards().get(1).out().op().weight().set(new NDIndex("1, 2"), Float.NaN);

            assertThatThrownBy(() ->
                            create(session, shares(0, 0.5, Criterion.MAGNITUDE)).compress(model, ToyRows.NONE))
                    .isInstanceOf(InputException.class)
                    .hasMessage("structured_pruning: weight or input of layer toy.layer.1.ffn.out;"
                            + " found NaN or infinity; allowed finite numbers");
        }
    }

    @Test
    void aFileSaysWhatStays() throws IOException {
        Path file = Files.writeString(folder.resolve("kept.json"), """
                {"kept_kv_groups": {"toy.layer.1.attention": [1]},
                 "kept_ffn_units": {"toy.layer.0.ffn": [0, 2, 11]}, "head_dim": 4}
                """);
        try (ContractSession session = ContractSession.open();
                ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            Compressor pruning =
                    create(session, options(0, 0, Criterion.ACTIVATION, Allocation.UNIFORM, Optional.of(file)));
            ModelLayout planned = pruning.plan(model.layout());

            assertThat(pruning.needsCalibration()).isFalse();
            CompressionReport report = pruning.compress(model, ToyRows.NONE);

            assertThat(model.layout().linears()).isEqualTo(planned.linears());
            assertThat(model.attentions().get(0).keptGroups()).containsExactly(0, 1);
            assertThat(model.attentions().get(1).keptGroups()).containsExactly(1);
            assertThat(model.feedForwards().get(0).keptUnits()).containsExactly(0, 2, 11);
            assertThat(model.feedForwards().get(1).units()).isEqualTo(12);
            assertThat(report.keptUnits().get("toy.layer.0.ffn")).containsExactly(0, 2, 11);
            assertThat(report.sites()).hasSize(6);
        }
    }

    @Test
    void aFileAndSharesExcludeEachOther() {
        assertThatThrownBy(
                        () -> options(0.5, 0, Criterion.ACTIVATION, Allocation.UNIFORM, Optional.of(Path.of("k.json"))))
                .isInstanceOf(OptionException.class)
                .hasMessage("keep says what stays, so heads, ffn, layers and hidden must be left out,"
                        + " was heads 0.5, ffn 0.0, layers 0.0, hidden 0.0");
        assertThatThrownBy(() -> shares(1, 0, Criterion.ACTIVATION))
                .isInstanceOf(OptionException.class)
                .hasMessage("heads must be at least 0 and below 1, was 1.0");
    }

    private static double[] energy(ContractSession session, ToySpec spec, TokenBatch batch) {
        try (ToyTransformer model = ToyTransformer.open(session, spec)) {
            Map<String, double[]> means = new ActivationEnergy("structured_pruning", session.ops(), model, 256)
                    .measure(
                            model.feedForwards().stream()
                                    .map(FeedForwardSite::out)
                                    .toList(),
                            ToyRows.of(batch));
            return means.values().stream().flatMapToDouble(Arrays::stream).toArray();
        }
    }

    private static void silence(NDArray reader, int[] kept, int units, int width) {
        IntStream.range(0, units)
                .filter(unit -> Arrays.binarySearch(kept, unit) < 0)
                .forEach(unit -> reader.set(new NDIndex(":, {}:{}", unit * width, (unit + 1) * width), 0));
    }

    private static Compressor create(ContractSession session, StructuredPruningOptions options) {
        return new StructuredPruningFactory().create(options, session.context(1));
    }

    private static StructuredPruningOptions shares(double heads, double ffn, Criterion criterion) {
        return options(heads, ffn, criterion, Allocation.UNIFORM, Optional.empty());
    }

    private static StructuredPruningOptions options(
            double heads, double ffn, Criterion criterion, Allocation allocation, Optional<Path> keep) {
        return new StructuredPruningOptions(heads, ffn, 0, 0, criterion, allocation, keep, 256, Optional.empty());
    }
}
