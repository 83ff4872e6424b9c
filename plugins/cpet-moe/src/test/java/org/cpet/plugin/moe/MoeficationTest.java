package org.cpet.plugin.moe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.IntStream;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.NoOptions;
import org.cpet.spi.OptionException;
import org.cpet.spi.compress.CalibrationData;
import org.cpet.spi.compress.Compressor;
import org.cpet.spi.contract.ContractSession;
import org.cpet.spi.contract.ToySpec;
import org.cpet.spi.contract.ToyTransformer;
import org.cpet.spi.model.FeedForwardSite;
import org.cpet.spi.model.FeedForwardSpec;
import org.cpet.spi.model.ModelLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MoeficationTest {
    private static final ToySpec RELU = ToySpec.classifier().withRelu();

    private final ContractSession session = ContractSession.open();

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        session.close();
    }

    @Test
    void gatedFeedForwardsAreRefusedInThePlan() {
        refused(
                ToySpec.languageModel(),
                "moefication: FFN toy.layer.0.ffn; found a gate (silu); allowed FFNs with one layer in and a ReLU: the"
                        + " neurons of a gated FFN are not sparse enough to leave most of them out");
    }

    @Test
    void otherNonLinearitiesAreSentToRelufication() {
        refused(
                ToySpec.classifier(),
                "moefication: FFN toy.layer.0.ffn; found gelu; allowed relu, whose neurons are mostly 0; put relufication"
                        + " before it");
    }

    @Test
    void relufiedFeedForwardsAreTaken() {
        try (ToyTransformer model = ToyTransformer.open(session, ToySpec.classifier())) {
            ModelLayout relufied = new ReluficationFactory()
                    .create(new NoOptions(), session.context(1))
                    .plan(model.layout());

            assertThat(moefication(4).plan(relufied).feedForwards())
                    .extracting(FeedForwardSpec::form)
                    .containsExactly("1 of 4 experts", "1 of 4 experts");
        }
    }

    @Test
    void expertsMustDivideTheNeurons() {
        try (ToyTransformer model = ToyTransformer.open(session, RELU)) {
            assertThatThrownBy(() -> moefication(5).plan(model.layout()))
                    .hasMessage("moefication: FFN toy.layer.0.ffn; found experts 5 for 12 neurons; allowed numbers that"
                            + " divide the neurons");
        }
    }

    @Test
    void aSecondTimeIsRefused() {
        try (ToyTransformer model = ToyTransformer.open(session, RELU)) {
            moefication(4).compress(model, CalibrationData.NONE);

            assertThatThrownBy(() -> moefication(4).compress(model, CalibrationData.NONE))
                    .hasMessage(
                            "moefication: FFN toy.layer.0.ffn; found 1 of 4 experts; allowed a dense FFN, once per model");
        }
    }

    @Test
    void theShareIsTakenAsItWasWritten() {
        // 0.29 · 100 is below 29 in binary arithmetic
        assertThat(new MoeficationOptions(
                                100,
                                0.29,
                                Optional.empty(),
                                Clustering.PARAMETERS,
                                RouterKind.SIMILARITY,
                                Optional.empty(),
                                true,
                                1,
                                16,
                                1,
                                0.01)
                        .chosen())
                .isEqualTo(29);
        assertThatThrownBy(() -> ExpertFeedForwardTest.options(4, 5, true))
                .isInstanceOf(OptionException.class)
                .hasMessage("top_k must be at least 1 and at most experts (4), was 5");
    }

    @Test
    void neuronsMoveButTheDenseFunctionStays() {
        try (ToyTransformer model = ToyTransformer.open(session, RELU);
                ToyTransformer before = ToyTransformer.open(session, RELU)) {
            moefication(4).compress(model, CalibrationData.NONE);

            FeedForwardSite block = model.feedForwards().get(1);
            int[] kept = block.keptUnits();
            assertThat(IntStream.of(kept).sorted().toArray())
                    .isEqualTo(IntStream.range(0, 12).toArray());
            assertThat(block.ins().get(0).kept().rows()).isEqualTo(kept);
            assertThat(block.out().kept().columns()).isEqualTo(kept);
            try (NDArray moved = session.ops()
                    .select(before.feedForwards().get(1).ins().get(0).op().weight(), 0, kept)) {
                assertThat(block.ins().get(0).op().weight()).isEqualTo(moved);
            }
        }
    }

    @Test
    void labelsFromAFileAreUsedAsTheyAre() throws IOException {
        Path labels = folder.resolve("labels.json");
        Files.writeString(
                labels,
                "{\"toy.layer.0.ffn\": [0,1,2,0,1,2,0,1,2,0,1,2], \"toy.layer.1.ffn\": [2,2,2,2,1,1,1,1,0,0,0,0]}");
        try (ToyTransformer model = ToyTransformer.open(session, RELU)) {
            labelled(labels).compress(model, CalibrationData.NONE);

            assertThat(model.feedForwards().get(0).keptUnits()).containsExactly(0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11);
            assertThat(model.feedForwards().get(1).keptUnits()).containsExactly(8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3);
        }
    }

    @Test
    void labelsThatDoNotFitSayWhere() throws IOException {
        Path labels = folder.resolve("labels.json");
        refusedLabels(
                labels,
                "{\"toy.layer.0.fnn\": []}",
                ":1:2: unknown FFN; found toy.layer.0.fnn; allowed names such as"
                        + " toy.layer.0.ffn; did you mean toy.layer.0.ffn?");
        refusedLabels(labels, "{}", "FFN toy.layer.0.ffn is missing; found 0 FFNs; allowed all 2");
        refusedLabels(
                labels,
                "{\"toy.layer.0.ffn\": [0,0,0,0,0,1,1,1,2,2,2,2]}",
                "experts of toy.layer.0.ffn; found 12 neurons in experts of 3 to 5; allowed 12 neurons, 4 for each of 3"
                        + " experts");
        refusedLabels(labels, "{\"toy.layer.0.ffn\": [3]}", "an expert of toy.layer.0.ffn; found 3; allowed 0 to 2");
    }

    private void refusedLabels(Path file, String text, String message) throws IOException {
        Files.writeString(file, text);
        try (ToyTransformer model = ToyTransformer.open(session, RELU)) {
            assertThatThrownBy(() -> labelled(file).plan(model.layout())).hasMessageContaining(message);
        }
    }

    private Compressor labelled(Path labels) {
        return create(new MoeficationOptions(
                3,
                0.4,
                Optional.empty(),
                Clustering.PARAMETERS,
                RouterKind.SIMILARITY,
                Optional.of(labels),
                true,
                1,
                16,
                1,
                0.01));
    }

    private void refused(ToySpec spec, String message) {
        try (ToyTransformer model = ToyTransformer.open(session, spec)) {
            assertThatThrownBy(() -> moefication(4).plan(model.layout()))
                    .isInstanceOfSatisfying(
                            CpetException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.RECIPE))
                    .hasMessage(message);
        }
    }

    private Compressor moefication(int experts) {
        return create(new MoeficationOptions(
                experts,
                0.25,
                Optional.empty(),
                Clustering.PARAMETERS,
                RouterKind.SIMILARITY,
                Optional.empty(),
                true,
                1,
                16,
                1,
                0.01));
    }

    private Compressor create(MoeficationOptions options) {
        return new MoeficationFactory().create(options, session.context(1));
    }
}
