package org.cpet.plugin.losses;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.cpet.spi.NoOptions;
import org.cpet.spi.PluginContext;
import org.cpet.spi.contract.DistillationLossContract;
import org.cpet.spi.contract.TaskLossContract;
import org.cpet.spi.loss.DistillationLoss;
import org.cpet.spi.loss.DistillationLossFactory;
import org.cpet.spi.loss.OutputKind;
import org.cpet.spi.loss.TaskLoss;
import org.cpet.spi.loss.TaskLossFactory;
import org.cpet.spi.loss.TeacherOutput;
import org.cpet.spi.model.ModelOutput;
import org.cpet.spi.model.TokenBatch;
import org.junit.jupiter.api.Test;

/** Losses that are wrong on purpose, and the check that notices each. */
class BrokenLossTest {
    @Test
    void noticesADistanceThatIsNotZeroForEqualOutputs() {
        DistillationLossContract<NoOptions> broken = distillation((context, student, teacher, batch) ->
                student.sub(teacher).square().mean().add(0.1));

        fails(broken::identicalOutputsCostNothing, "cost of identical outputs");
    }

    @Test
    void noticesPaddingThatCounts() {
        DistillationLossContract<NoOptions> broken = distillation((context, student, teacher, batch) ->
                student.sub(teacher).square().mean());

        fails(broken::paddingDoesNotCount, "the teacher's padding is undefined");
        fails(broken::paddingGetsNoGradient, "finite");
    }

    @Test
    void noticesADistanceWithoutAGradient() {
        DistillationLossContract<NoOptions> broken = distillation((context, student, teacher, batch) -> {
            NDArray difference = student.sub(teacher);
            return difference.mul(context.ops().detach(difference)).sum();
        });

        fails(broken::gradientsAgreeWithFiniteDifferences, "slope of the loss along LOGITS");
    }

    @Test
    void noticesADistanceThatIsNotReduced() {
        DistillationLossContract<NoOptions> broken = distillation(
                (context, student, teacher, batch) -> student.sub(teacher).square());

        fails(broken::otherOutputsCostSomethingInFloat32, "a scalar");
    }

    @Test
    void noticesADistanceInHalfPrecision() {
        DistillationLossContract<NoOptions> broken = distillation((context, student, teacher, batch) -> {
            NDArray narrow = context.ops().cast(teacher, student.getDataType());
            return student.sub(narrow).square().mean();
        });

        fails(broken::otherOutputsCostSomethingInFloat32, "type of the loss");
    }

    @Test
    void noticesAnOutputThatWasNotAskedFor() {
        DistillationLossContract<NoOptions> broken = new DistillationContract((student, teacher, batch, context) ->
                teacher.get(OutputKind.LAST_HIDDEN).square().mean());

        assertThatThrownBy(broken::identicalOutputsCostNothing)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the teacher's LAST_HIDDEN was not asked for by needs()");
    }

    @Test
    void noticesATaskLossThatCountsIgnoredLabels() {
        TaskLossContract<NoOptions> broken = task((context, output, batch) -> {
            NDArray logits = output.requireLogits();
            long classes = logits.getShape().get(logits.getShape().dimension() - 1);
            NDArray labels = batch.labels().orElseThrow().maximum(0).reshape(-1);
            return context.ops().crossEntropy(logits.reshape(-1, classes), labels, TokenBatch.IGNORED);
        });

        fails(broken::ignoredPositionsDoNotCount, "loss with other logits at ignored positions");
    }

    @Test
    void noticesATaskLossThatSums() {
        TaskLossContract<NoOptions> broken =
                task((context, output, batch) -> output.requireLogits().square().sum());

        fails(broken::itIsAMeanNotASum, "loss of every row twice");
    }

    @Test
    void noticesATaskLossOutsideTheGraph() {
        TaskLossContract<NoOptions> broken = task((context, output, batch) -> {
            NDArray logits = output.requireLogits();
            return logits.square()
                    .mean()
                    .add(context.ops().detach(logits).square().mean());
        });

        fails(broken::gradientsAgreeWithFiniteDifferences, "slope of the loss along logits");
    }

    @Test
    void noticesATaskLossInHalfPrecision() {
        TaskLossContract<NoOptions> broken =
                task((context, output, batch) -> output.requireLogits().square().mean());

        fails(broken::itIsAScalarInFloat32, "type of the loss");
    }

    private static void fails(ThrowingCallable check, String words) {
        assertThatThrownBy(check).isInstanceOf(AssertionError.class).hasMessageContaining(words);
    }

    /** A distance of logits. */
    private interface Distance {
        NDArray of(PluginContext context, NDArray student, NDArray teacher, TokenBatch batch);
    }

    private static DistillationLossContract<NoOptions> distillation(Distance distance) {
        return new DistillationContract((student, teacher, batch, context) ->
                distance.of(context, student.requireLogits(), teacher.get(OutputKind.LOGITS), batch));
    }

    private interface FullDistance {
        NDArray of(ModelOutput student, TeacherOutput teacher, TokenBatch batch, PluginContext context);
    }

    private record DistillationContract(FullDistance distance) implements DistillationLossContract<NoOptions> {
        @Override
        public DistillationLossFactory<NoOptions> factory() {
            return new BrokenDistillationFactory(distance);
        }
    }

    private record BrokenDistillationFactory(FullDistance distance) implements DistillationLossFactory<NoOptions> {
        @Override
        public String description() {
            return "wrong on purpose";
        }

        @Override
        public String name() {
            return "broken";
        }

        @Override
        public Class<NoOptions> optionsType() {
            return NoOptions.class;
        }

        @Override
        public DistillationLoss create(NoOptions options, PluginContext context) {
            return new DistillationLoss() {
                @Override
                public Set<OutputKind> needs() {
                    return Set.of(OutputKind.LOGITS);
                }

                @Override
                public double alpha() {
                    return 1;
                }

                @Override
                public NDArray loss(ModelOutput student, TeacherOutput teacher, TokenBatch batch) {
                    return distance.of(student, teacher, batch, context);
                }
            };
        }
    }

    private interface TaskDistance {
        NDArray of(PluginContext context, ModelOutput output, TokenBatch batch);
    }

    private static TaskLossContract<NoOptions> task(TaskDistance distance) {
        return () -> new BrokenTaskFactory(distance);
    }

    private record BrokenTaskFactory(TaskDistance distance) implements TaskLossFactory<NoOptions> {
        @Override
        public String name() {
            return "broken";
        }

        @Override
        public String description() {
            return "wrong on purpose";
        }

        @Override
        public Class<NoOptions> optionsType() {
            return NoOptions.class;
        }

        @Override
        public TaskLoss create(NoOptions options, PluginContext context) {
            return (output, batch) -> distance.of(context, output, batch);
        }
    }
}
