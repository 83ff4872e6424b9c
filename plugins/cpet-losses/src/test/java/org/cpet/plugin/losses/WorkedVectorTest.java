package org.cpet.plugin.losses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.data.Offset;
import org.cpet.spi.NoOptions;
import org.cpet.spi.contract.ContractSession;
import org.cpet.spi.loss.DistillationLoss;
import org.cpet.spi.loss.OutputKind;
import org.cpet.spi.loss.TeacherOutput;
import org.cpet.spi.model.ModelOutput;
import org.cpet.spi.model.TokenBatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Numbers worked out by hand. */
class WorkedVectorTest {
    private static final Offset<Float> FLOAT32 = within(1e-6f); // a few roundings of numbers near 1

    private final ContractSession session = ContractSession.open();

    @AfterEach
    void close() {
        session.close();
    }

    @Test
    void theMeanDividesByElements() {
        // Σd² = 0.25 + 0 + 1 over 1 position × 3 classes
        assertThat(distance(0.05, Reduction.MEAN)).isCloseTo(0.4166667f, FLOAT32);
    }

    @Test
    void equationFiveDividesByExamples() {
        assertThat(distance(0.05, Reduction.SUM_PER_EXAMPLE)).isCloseTo(1.25f, FLOAT32);
    }

    @Test
    void alphaWeighsTheDistanceButIsNotInIt() {
        float task = 0.7f;

        assertThat(task + 0.05f * distance(0.05, Reduction.MEAN)).isCloseTo(0.7208333f, FLOAT32);
        assertThat(task + 1f * distance(1, Reduction.MEAN)).isCloseTo(1.1166667f, FLOAT32);
        assertThat(task + 0.05f * distance(0.05, Reduction.SUM_PER_EXAMPLE)).isCloseTo(0.7625f, FLOAT32);
        assertThat(mse(0.3, Reduction.MEAN).alpha()).isEqualTo(0.3);
    }

    @Test
    void causalPositionsCountByTheMaskAndDecoderPositionsByTheLabel() {
        NDArray student = session.manager().create(new float[] {1, 2, 4, 8}, new Shape(1, 4, 1));
        NDArray teacher = student.zerosLike();
        NDArray mask = session.manager().create(new long[] {1, 1, 1, 0}, new Shape(1, 4));
        NDArray labels = session.manager().create(new long[] {-100, 5, 5, -100}, new Shape(1, 4));
        TokenBatch batch = TokenBatch.of(mask, mask).withLabels(labels);
        TeacherOutput taught = new TeacherOutput(Map.of(OutputKind.LOGITS, teacher));
        ModelOutput causal = new ModelOutput(Optional.of(student), 1, List.of(student), List.of(), Optional.empty());
        ModelOutput decoder =
                new ModelOutput(Optional.of(student), 0, List.of(student), List.of(student), Optional.empty());

        assertThat(mse(1, Reduction.MEAN).loss(causal, taught, batch).getFloat())
                .isEqualTo((1 + 4 + 16) / 3f);
        assertThat(mse(1, Reduction.MEAN).loss(decoder, taught, batch).getFloat())
                .isEqualTo((4 + 16) / 2f);
    }

    @Test
    void aBatchThatCountsNothingCostsNothing() {
        NDArray ones = session.manager().ones(new Shape(1, 2, 3));
        NDArray mask = session.manager().create(new long[] {0, 0}, new Shape(1, 2));
        ModelOutput output = new ModelOutput(Optional.of(ones), 1, List.of(ones), List.of(), Optional.empty());
        TeacherOutput taught = new TeacherOutput(Map.of(OutputKind.LOGITS, ones.zerosLike()));

        assertThat(mse(1, Reduction.MEAN)
                        .loss(output, taught, TokenBatch.of(mask, mask))
                        .getFloat())
                .isZero();
    }

    @Test
    void crossEntropyOfEqualLogitsIsTheLogarithmOfTheClasses() {
        NDArray logits = session.manager().zeros(new Shape(2, 4));
        NDArray labels = session.manager().create(new long[] {3, 0});

        assertThat(crossEntropy(logits, 0, labels)).isCloseTo((float) Math.log(4), FLOAT32);
    }

    @Test
    void aCausalModelPredictsTheNextLabel() {
        // position 0 is sure of class 1 and position 1 of class 0; the last position predicts nothing
        NDArray logits = session.manager().create(new float[] {0, 40, 40, 0, 0, 40}, new Shape(1, 3, 2));
        NDArray labels = session.manager().create(new long[] {0, 1, 0}, new Shape(1, 3));

        assertThat(crossEntropy(logits, 1, labels)).isZero();
        assertThat(crossEntropy(logits, 0, labels)).isCloseTo(40f, FLOAT32);
    }

    private float crossEntropy(NDArray logits, int shift, NDArray labels) {
        ModelOutput output = new ModelOutput(Optional.of(logits), shift, List.of(), List.of(), Optional.empty());
        return new CrossEntropyFactory()
                .create(new NoOptions(), session.context(1))
                .loss(output, TokenBatch.of(labels, labels).withLabels(labels))
                .getFloat();
    }

    private float distance(double alpha, Reduction reduction) {
        NDArray student = session.manager().create(new float[] {1.5f, 2, 3}, new Shape(1, 3));
        NDArray teacher = session.manager().create(new float[] {1, 2, 4}, new Shape(1, 3));
        NDArray mask = session.manager().ones(new Shape(1, 2));
        ModelOutput output = new ModelOutput(Optional.of(student), 0, List.of(), List.of(), Optional.empty());
        return mse(alpha, reduction)
                .loss(output, new TeacherOutput(Map.of(OutputKind.LOGITS, teacher)), TokenBatch.of(mask, mask))
                .getFloat();
    }

    private DistillationLoss mse(double alpha, Reduction reduction) {
        return new LogitsMseFactory().create(new MeanSquaredErrorOptions(alpha, reduction), session.context(1));
    }
}
