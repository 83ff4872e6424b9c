package org.cpet.plugin.losses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cpet.spi.NoOptions;
import org.cpet.spi.contract.ContractSession;
import org.cpet.spi.fixture.FixtureTensors;
import org.cpet.spi.loss.OutputKind;
import org.cpet.spi.loss.TeacherOutput;
import org.cpet.spi.model.ModelOutput;
import org.cpet.spi.model.TokenBatch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The losses of golden student and teacher logits, padding NaN on both sides. */
class GoldenDistanceTest {
    @ParameterizedTest
    @CsvSource({
        "bert_cls, 0, false",
        "roberta_cls, 0, false",
        "llama_mha_untied, 1, false",
        "llama_gqa_tied, 1, false",
        "t5_v10_relu_tied, 0, true",
        "t5_v11_gated_untied, 0, true"
    })
    void agreeWithTheReference(String model, int shift, boolean decoder) {
        FixtureTensors inputs = FixtureTensors.of(model + "/golden/cpet/inputs.safetensors");
        FixtureTensors outputs = FixtureTensors.of(model + "/golden/cpet/outputs.safetensors");
        try (ContractSession session = ContractSession.open()) {
            NDArray labels = inputs.array(session.manager(), "labels");
            NDArray mask = inputs.array(session.manager(), "attention_mask");
            TokenBatch batch = TokenBatch.of(mask, mask).withLabels(labels);
            NDArray student = outputs.array(session.manager(), "student_logits");
            TeacherOutput teacher =
                    new TeacherOutput(Map.of(OutputKind.LOGITS, outputs.array(session.manager(), "teacher_logits")));
            ModelOutput output = new ModelOutput(
                    Optional.of(student), shift, List.of(), decoder ? List.of(student) : List.of(), Optional.empty());

            double task = new CrossEntropyFactory()
                    .create(new NoOptions(), session.context(1))
                    .loss(output, batch)
                    .getFloat();
            double mean = distance(session, Reduction.MEAN, output, teacher, batch);
            double sum = distance(session, Reduction.SUM_PER_EXAMPLE, output, teacher, batch);

            // float32 sums over some thousand elements, relative to their size
            close(task, outputs, "task_loss");
            close(mean, outputs, "distill_mse_mean");
            close(sum, outputs, "distill_eq5_sum_over_examples");
            close(task + 0.05 * mean, outputs, "total_alpha_0.05");
            close(task + mean, outputs, "total_alpha_1");
            close(task + 0.05 * sum, outputs, "total_alpha_0.05_eq5");
        }
    }

    private static double distance(
            ContractSession session,
            Reduction reduction,
            ModelOutput student,
            TeacherOutput teacher,
            TokenBatch batch) {
        return new LogitsMseFactory()
                .create(new MeanSquaredErrorOptions(1, reduction), session.context(1))
                .loss(student, teacher, batch)
                .getFloat();
    }

    private static void close(double actual, FixtureTensors golden, String name) {
        double expected = golden.floats(name)[0];
        assertThat(actual).as(name).isCloseTo(expected, within(1e-5 * Math.max(1, Math.abs(expected))));
    }
}
