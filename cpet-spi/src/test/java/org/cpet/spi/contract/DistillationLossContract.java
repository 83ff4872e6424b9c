package org.cpet.spi.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.cpet.spi.loss.DistillationLoss;
import org.cpet.spi.loss.DistillationLossFactory;
import org.cpet.spi.loss.OutputKind;
import org.cpet.spi.loss.TeacherOutput;
import org.cpet.spi.model.ModelTask;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.model.TrainableTensor;
import org.junit.jupiter.api.Test;

/** What every distillation loss holds. */
public interface DistillationLossContract<O extends Record> extends ExtensionContract<DistillationLossFactory<O>, O> {
    /** The tasks whose outputs the loss compares. */
    default List<ModelTask> tasks() {
        return List.of(ModelTask.SEQ_CLS, ModelTask.CAUSAL_LM, ModelTask.SEQ2SEQ_LM);
    }

    @Test
    default void itSaysWhatItNeeds() {
        try (ContractSession session = ContractSession.open()) {
            assertThat(loss(session).needs()).isNotEmpty();
            assertThat(loss(session).alpha()).isNotNegative().isFinite();
        }
    }

    @Test
    default void identicalOutputsCostNothing() {
        eachTask((session, task, batch) -> {
            ToyOutputs outputs = ToyOutputs.of(session.manager(), task, DataType.FLOAT32, 1);

            assertThat(value(session, outputs, outputs, batch))
                    .as("cost of identical outputs")
                    .isZero();
        });
    }

    @Test
    default void otherOutputsCostSomethingInFloat32() {
        eachTask((session, task, batch) -> {
            for (DataType type : List.of(DataType.FLOAT32, DataType.FLOAT16)) {
                ToyOutputs student = ToyOutputs.of(session.manager(), task, type, 1);
                ToyOutputs teacher = ToyOutputs.of(session.manager(), task, DataType.FLOAT32, 2);
                NDArray loss = compute(session, student, teacher, batch);

                assertThat(loss.isScalar()).as("a scalar").isTrue();
                assertThat(loss.getDataType()).as("type of the loss").isEqualTo(DataType.FLOAT32);
                assertThat(Contracts.number(loss)).isPositive().isFinite();
            }
        });
    }

    @Test
    default void paddingDoesNotCount() {
        eachTask((session, task, batch) -> {
            ToyOutputs student = ToyOutputs.of(session.manager(), task, DataType.FLOAT32, 1);
            ToyOutputs teacher = ToyOutputs.of(session.manager(), task, DataType.FLOAT32, 2);
            double loss = value(session, student, teacher, batch);

            assertThat(value(session, student.withUncounted(3, batch), teacher.withUncounted(Double.NaN, batch), batch))
                    .as("the teacher's padding is undefined")
                    .isEqualTo(loss);
        });
    }

    @Test
    default void paddingGetsNoGradient() {
        eachTask((session, task, batch) -> {
            ToyOutputs teacher =
                    ToyOutputs.of(session.manager(), task, DataType.FLOAT32, 2).withUncounted(Double.NaN, batch);
            for (OutputKind kind : loss(session).needs()) {
                ToyOutputs student = ToyOutputs.of(session.manager(), task, DataType.FLOAT32, 1);
                NDArray leaf = session.ops().trainable(student.tensors().get(kind));
                Contracts.gradients(session.ops(), () -> compute(session, student.with(kind, leaf), teacher, batch));
                NDArray gradient = session.ops().gradient(leaf);
                ToyOutputs masked = student.with(kind, gradient).withUncounted(0, batch);

                Contracts.assertFinite(Contracts.numbers(gradient));
                assertThat(Contracts.numbers(gradient))
                        .containsExactly(Contracts.numbers(masked.tensors().get(kind)));
            }
        });
    }

    @Test
    default void gradientsAgreeWithFiniteDifferences() {
        for (ModelTask task : tasks()) {
            try (ContractSession session = ContractSession.openFloat64()) {
                TokenBatch batch = ToyOutputs.batch(session.manager(), task);
                ToyOutputs teacher = ToyOutputs.of(session.manager(), task, DataType.FLOAT64, 2);
                for (OutputKind kind : loss(session).needs()) {
                    ToyOutputs student = ToyOutputs.of(session.manager(), task, DataType.FLOAT64, 1);
                    NDArray leaf = session.ops().trainable(student.tensors().get(kind));
                    ToyOutputs moving = student.with(kind, leaf);
                    Contracts.gradients(session.ops(), () -> compute(session, moving, teacher, batch));

                    Slopes.assertAgree(
                            session,
                            new TrainableTensor(kind + " of " + task, leaf),
                            () -> compute(session, moving, teacher, batch));
                }
            }
        }
    }

    /** One check on the outputs of one task. */
    interface TaskCheck {
        void run(ContractSession session, ModelTask task, TokenBatch batch);
    }

    private void eachTask(TaskCheck check) {
        for (ModelTask task : tasks()) {
            try (ContractSession session = ContractSession.open()) {
                check.run(session, task, ToyOutputs.batch(session.manager(), task));
            }
        }
    }

    private DistillationLoss loss(ContractSession session) {
        return factory().create(options(), session.context(1));
    }

    private double value(ContractSession session, ToyOutputs student, ToyOutputs teacher, TokenBatch batch) {
        return Contracts.scoped(session.ops(), () -> Contracts.number(compute(session, student, teacher, batch)));
    }

    /** The teacher shows no more than what the loss says it needs. */
    private NDArray compute(ContractSession session, ToyOutputs student, ToyOutputs teacher, TokenBatch batch) {
        DistillationLoss loss = loss(session);
        TeacherOutput shown = new TeacherOutput(loss.needs().stream()
                .collect(Collectors.toMap(
                        UnaryOperator.identity(), kind -> teacher.tensors().get(kind))));
        return loss.loss(student.output(), shown, batch);
    }
}
