package org.cpet.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.cpet.it.support.Opened;
import org.cpet.it.support.Shared;
import org.cpet.plugin.losses.CrossEntropyFactory;
import org.cpet.plugin.pruning.Allocation;
import org.cpet.plugin.pruning.Criterion;
import org.cpet.plugin.pruning.L0Options;
import org.cpet.plugin.pruning.PruningScope;
import org.cpet.plugin.pruning.StructuredPruningFactory;
import org.cpet.plugin.pruning.StructuredPruningOptions;
import org.cpet.plugin.pruning.UnstructuredPruningFactory;
import org.cpet.plugin.pruning.UnstructuredPruningOptions;
import org.cpet.plugin.pruning.WeightCriterion;
import org.cpet.spi.NoOptions;
import org.cpet.spi.compress.CalibrationData;
import org.cpet.spi.compress.Compressor;
import org.cpet.spi.loss.TaskLoss;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.LinearSpec;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.model.TransformerModel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every pruning criterion measures every family, two stacks and grouped heads included, and removes what was planned. */
class PruningCriteriaTest {
    private static final Opened OPENED = new Opened();

    @AfterAll
    static void close() {
        OPENED.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bert_cls",
                "roberta_cls",
                "llama_mha_untied",
                "llama_gqa_tied",
                "t5_v10_relu_tied",
                "t5_v11_gated_untied"
            })
    void everyCriterionWorksOnEveryFamily(String family) {
        Path path = Shared.path("fixtures/" + family);
        for (Compressor compressor : compressors()) {
            try (TransformerModel model = OPENED.model(path)) {
                TokenBatch batch = OPENED.batch(path.resolve("golden/inputs.safetensors"), model.manager());
                ModelLayout plan = compressor.plan(model.layout());

                compressor.compress(model, new Rows(batch));

                assertThat(bytes(model.layout())).isEqualTo(bytes(plan));
                assertThat(model.layout().hiddenSize()).isEqualTo(plan.hiddenSize());
                assertThat(model.layout().layers()).hasSameSizeAs(plan.layers());
                var scope = OPENED.ops().scope();
                try (scope) {
                    assertThat(OPENED.ops()
                                    .withoutGradients(() -> model.forward(batch, ForwardMode.EXACT))
                                    .requireLogits()
                                    .toFloatArray())
                            .doesNotContain(Float.NaN);
                }
            }
        }
    }

    private static List<Compressor> compressors() {
        return List.of(
                weights(PruningScope.ROW),
                weights(PruningScope.MODEL),
                units(0.5, 0.5, 0, 0, Criterion.TAYLOR, Allocation.FREE),
                units(0, 0.25, 0.5, 0.25, Criterion.TAYLOR, Allocation.UNIFORM),
                units(0.5, 0.3, 0.5, 0.4, Criterion.ACTIVATION, Allocation.UNIFORM),
                units(0, 0, 0.5, 0.4, Criterion.MAGNITUDE, Allocation.UNIFORM),
                units(0.5, 0.5, 0, 0, Criterion.L0, Allocation.FREE));
    }

    private static Compressor weights(PruningScope scope) {
        return new UnstructuredPruningFactory()
                .create(
                        new UnstructuredPruningOptions(
                                Optional.of(0.5),
                                Optional.of(scope),
                                Optional.empty(),
                                WeightCriterion.WANDA,
                                128,
                                List.of("all-linear"),
                                List.of()),
                        OPENED.context());
    }

    private static Compressor units(
            double heads, double ffn, double layers, double hidden, Criterion criterion, Allocation allocation) {
        Optional<L0Options> short20 =
                criterion == Criterion.L0 ? Optional.of(new L0Options(20, 0.1, 0.1, 0.1)) : Optional.empty();
        return new StructuredPruningFactory()
                .create(
                        new StructuredPruningOptions(
                                heads, ffn, layers, hidden, criterion, allocation, Optional.empty(), 256, short20),
                        OPENED.context());
    }

    private static long bytes(ModelLayout layout) {
        return layout.linears().stream().mapToLong(LinearSpec::bytes).sum();
    }

    private record Rows(TokenBatch batch) implements CalibrationData {
        @Override
        public void forEach(Consumer<TokenBatch> consumer) {
            consumer.accept(batch);
        }

        @Override
        public long rows() {
            return batch.inputIds().getShape().get(0);
        }

        @Override
        public Optional<TaskLoss> taskLoss() {
            return Optional.of(new CrossEntropyFactory().create(new NoOptions(), OPENED.context()));
        }
    }
}
