package org.cpet.it;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.cpet.it.support.Opened;
import org.cpet.it.support.Shared;
import org.cpet.plugin.pet.lora.LoraFactory;
import org.cpet.plugin.pet.lora.LoraOptions;
import org.cpet.runtime.train.Projection;
import org.cpet.spi.compress.CalibrationData;
import org.cpet.spi.model.KeptIndices;
import org.cpet.spi.model.Lineage;
import org.cpet.spi.model.ModelTask;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.model.TrainableTensor;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.pet.RankedPet;
import org.cpet.spi.tensor.Initializers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Inheritance without an index map: modules fitted to what the teacher's modules give out. */
class ProjectionTest {
    private static final Opened OPENED = new Opened();
    private static final int RANK = 3;
    private static final int ROWS = 40;
    private static final int TOKENS = 12;

    @AfterAll
    static void close() {
        OPENED.close();
    }

    /** A rank that suffices loses nothing; a smaller one loses more the smaller it is. */
    @ParameterizedTest
    @ValueSource(strings = {"bert_cls", "llama_gqa_tied", "t5_v11_gated_untied"})
    void anotherRankKeepsWhatItCanHold(String family) {
        Consumer<TransformerModel> untouched = model -> {};
        Map<String, Double> larger = project(family, 2 * RANK, untouched, UnaryOperator.identity());
        Map<String, Double> same = project(family, RANK, untouched, UnaryOperator.identity());
        double smaller = mean(project(family, 2, untouched, UnaryOperator.identity()));
        double smallest = mean(project(family, 1, untouched, UnaryOperator.identity()));

        // the first layer reads the same in both models; the ridge costs 1e-7 of its inputs' variance
        assertThat(larger.values().iterator().next()).isLessThan(2e-3);
        assertThat(same.values().iterator().next()).isLessThan(2e-3);
        // what later ones read was changed by the teacher's modules before them, which no linear map undoes
        assertThat(smaller).isGreaterThan(mean(same)).isLessThan(smallest);
        assertThat(smallest).isLessThan(1);
    }

    /** Channels are gone and nobody says which: every module finds a place that is closer than none, which is 1. */
    @ParameterizedTest
    @ValueSource(strings = {"bert_cls", "llama_gqa_tied", "t5_v11_gated_untied"})
    void anotherWidthIsFitted(String family) {
        Map<String, Double> errors = project(
                family,
                RANK,
                model -> model.keepHidden(
                        IntStream.range(0, model.layout().hiddenSize() * 3 / 4).toArray()),
                lineage -> new Lineage(Map.of(), Map.of(), Map.of(), lineage.layers(), KeptIndices.all(1, 1)));

        System.out.printf("%s, three quarters of the channels: mean relative error %.3f%n", family, mean(errors));
        assertThat(errors).isNotEmpty();
        assertThat(errors.values()).allSatisfy(error -> assertThat(error).isBetween(0.0, 1.0));
        assertThat(mean(errors)).isLessThan(0.9);
    }

    private static Map<String, Double> project(
            String family, int rank, Consumer<TransformerModel> surgery, UnaryOperator<Lineage> known) {
        Path path = Shared.path("fixtures/" + family);
        try (TransformerModel original = OPENED.model(path);
                TransformerModel student = OPENED.model(path)) {
            surgery.accept(student);
            RankedPet teacher = lora(original, RANK);
            for (TrainableTensor parameter : teacher.parameters()) {
                SplittableRandom random = new SplittableRandom(parameter.name().hashCode());
                try (NDArray values = Initializers.normal(
                        original.manager(), parameter.value().getShape(), 0.05, random)) {
                    OPENED.ops().assign(parameter.value(), values);
                }
            }
            RankedPet fresh = lora(student, rank);
            TokenBatch batch = rows(original);
            Set<String> layers = new HashSet<>();
            fresh.parts().forEach(part -> layers.add(part.site().name()));
            return new Projection(OPENED.ops(), new Rows(batch))
                    .fit(
                            new Projection.Side(original, teacher),
                            new Projection.Side(student, fresh),
                            layers,
                            known.apply(Lineage.of(student)));
        }
    }

    /** Random words, many more than a layer has inputs, so that no fit learns them by heart. */
    private static TokenBatch rows(TransformerModel model) {
        SplittableRandom random = new SplittableRandom(7);
        Shape shape = new Shape(ROWS, TOKENS);
        long[] ids = random.longs(shape.size(), 5, model.layout().vocabulary()).toArray();
        NDArray words = model.manager().create(ids, shape);
        TokenBatch batch = TokenBatch.of(words, words.onesLike());
        return model.layout().task() == ModelTask.SEQ2SEQ_LM ? batch.withLabels(words) : batch;
    }

    private static RankedPet lora(TransformerModel model, int rank) {
        return (RankedPet) new LoraFactory()
                .create(new LoraOptions(rank, 16, 0, false, false, List.of("all-linear")), OPENED.context())
                .attach(model);
    }

    private static double mean(Map<String, Double> errors) {
        return errors.values().stream()
                .mapToDouble(Double::doubleValue)
                .average()
                .orElseThrow();
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
    }
}
