package org.cpet.plugin.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.cpet.spi.InputException;
import org.cpet.spi.OptionException;
import org.cpet.spi.compress.CompressionReport;
import org.cpet.spi.compress.Compressor;
import org.cpet.spi.contract.ContractSession;
import org.cpet.spi.contract.ToyBatch;
import org.cpet.spi.contract.ToySpec;
import org.cpet.spi.contract.ToyTransformer;
import org.cpet.spi.loss.TaskLoss;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.LinearSpec;
import org.cpet.spi.model.TokenBatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole layers and hidden channels. */
class DepthAndWidthTest {
    private static final TaskLoss LOSS =
            (output, batch) -> output.requireLogits().sub(0.3f).square().mean();

    @TempDir
    private Path folder;

    @Test
    void theLayerThatSaysNothingGoes() {
        for (Criterion criterion : new Criterion[] {Criterion.MAGNITUDE, Criterion.ACTIVATION, Criterion.TAYLOR}) {
            ToySpec spec = ToySpec.languageModel().grouped(2);
            try (ContractSession session = ContractSession.open();
                    ToyTransformer model = ToyTransformer.open(session, spec)) {
                TokenBatch batch = ToyBatch.of(session.manager(), spec, 5);
                for (LinearSite out : new LinearSite[] {
                    model.attentions().get(0).output(),
                    model.feedForwards().get(0).out()
                }) {
                    out.op().weight().muli(0);
                    out.op().bias().get(0).muli(0);
                }
                float[] before =
                        model.forward(batch, ForwardMode.EXACT).requireLogits().toFloatArray();
                Compressor pruning = create(session, 0.5, 0, criterion);
                long planned = pruning.plan(model.layout()).linears().stream()
                        .mapToLong(LinearSpec::bytes)
                        .sum();

                CompressionReport report =
                        pruning.compress(model, ToyRows.of(batch).with(LOSS));

                assertThat(model.layout().layers()).as(criterion.toString()).containsExactly("toy.layer.1");
                assertThat(model.layout().linears().stream()
                                .mapToLong(LinearSpec::bytes)
                                .sum())
                        .isEqualTo(planned);
                // a layer that adds nothing can go without a trace
                assertThat(model.forward(batch, ForwardMode.EXACT)
                                .requireLogits()
                                .toFloatArray())
                        .isEqualTo(before);
                assertThat(report.sites())
                        .hasSize(7)
                        .allSatisfy(site -> assertThat(site.bytesAfter()).isZero());
            }
        }
    }

    @Test
    void channelsThatNobodyReadsGoFirst() {
        for (Criterion criterion : new Criterion[] {Criterion.MAGNITUDE, Criterion.ACTIVATION, Criterion.TAYLOR}) {
            for (ToySpec spec :
                    new ToySpec[] {ToySpec.classifier(), ToySpec.languageModel().withTiedHead()}) {
                try (ContractSession session = ContractSession.open();
                        ToyTransformer model = ToyTransformer.open(session, spec)) {
                    TokenBatch batch = ToyBatch.of(session.manager(), spec, 5);
                    for (LinearSite site : model.linears()) {
                        if (site.role().readsHidden()) {
                            NDArray weight = site.op().weight();
                            weight.set(new NDIndex(":, 2"), 0);
                            weight.set(new NDIndex(":, 7"), 0);
                        }
                    }

                    create(session, 0, 0.25, criterion)
                            .compress(model, ToyRows.of(batch).with(LOSS));

                    assertThat(model.keptHidden().rows())
                            .as("%s of %s", criterion, spec.task())
                            .containsExactly(0, 1, 3, 4, 5, 6);
                    assertThat(model.layout().hiddenSize()).isEqualTo(6);
                    assertThat(model.forward(batch, ForwardMode.EXACT)
                                    .lastHidden()
                                    .getShape()
                                    .get(2))
                            .isEqualTo(6);
                }
            }
        }
    }

    @Test
    void nothingIsLeftBehind() {
        try (ContractSession session = ContractSession.open();
                ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            TokenBatch batch = ToyBatch.of(session.manager(), ToySpec.classifier(), 5);
            int arrays = model.manager().getManagedArrays().size();
            int others = session.manager().getManagedArrays().size();
            // four norm tensors, and weight and bias of six layers, of which the key's has none
            int ofLayer = 4 + 2 * 6 - 1;

            create(session, 0.5, 0.5, Criterion.ACTIVATION)
                    .compress(model, ToyRows.of(batch).with(LOSS));

            assertThat(model.manager().getManagedArrays()).hasSize(arrays - ofLayer);
            assertThat(session.manager().getManagedArrays()).hasSize(others - ofLayer);
        }
    }

    @Test
    void aFileNamesLayersAndChannels() throws IOException {
        Path file = Files.writeString(
                folder.resolve("kept.json"), "{\"kept_layers\": [\"toy.layer.1\"], \"kept_hidden\": [0, 1, 2, 5]}");
        try (ContractSession session = ContractSession.open();
                ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            Compressor pruning = keep(session, file);
            var planned = pruning.plan(model.layout());

            pruning.compress(model, ToyRows.NONE);

            assertThat(model.layout().linears()).isEqualTo(planned.linears());
            assertThat(model.layout().layers()).containsExactly("toy.layer.1");
            assertThat(model.keptHidden().rows()).containsExactly(0, 1, 2, 5);
        }
    }

    @Test
    void aFileMayNotEmptyAStack() throws IOException {
        Path none = Files.writeString(folder.resolve("none.json"), "{\"kept_layers\": []}");
        Path odd = Files.writeString(folder.resolve("odd.json"), "{\"kept_layers\": [\"toy.layer.11\"]}");
        try (ContractSession session = ContractSession.open();
                ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            assertThatThrownBy(() -> keep(session, none).plan(model.layout()))
                    .isInstanceOf(InputException.class)
                    .hasMessage(
                            none + ":1:18: kept_layers; found none of toy.layer; allowed at least one of toy.layer.0,"
                                    + " toy.layer.1");
            assertThatThrownBy(() -> keep(session, odd).plan(model.layout()))
                    .isInstanceOf(InputException.class)
                    .hasMessage(odd + ":1:18: unknown layer in kept_layers; found toy.layer.11; allowed toy.layer.0,"
                            + " toy.layer.1; did you mean toy.layer.1?");
        }
    }

    @Test
    void learnedGatesAreForHeadsAndNeurons() {
        assertThatThrownBy(() -> new StructuredPruningOptions(
                        0, 0, 0.5, 0, Criterion.L0, Allocation.UNIFORM, Optional.empty(), 1, Optional.empty()))
                .isInstanceOf(OptionException.class)
                .hasMessage("criterion l0 learns gates of heads and neurons, so layers and hidden must be left out, was"
                        + " layers 0.5, hidden 0.0");
    }

    private static Compressor keep(ContractSession session, Path file) {
        return new StructuredPruningFactory()
                .create(
                        new StructuredPruningOptions(
                                0,
                                0,
                                0,
                                0,
                                Criterion.ACTIVATION,
                                Allocation.UNIFORM,
                                Optional.of(file),
                                1,
                                Optional.empty()),
                        session.context(1));
    }

    private static Compressor create(ContractSession session, double layers, double hidden, Criterion criterion) {
        return new StructuredPruningFactory()
                .create(
                        new StructuredPruningOptions(
                                0,
                                0,
                                layers,
                                hidden,
                                criterion,
                                Allocation.UNIFORM,
                                Optional.empty(),
                                256,
                                Optional.empty()),
                        session.context(1));
    }
}
