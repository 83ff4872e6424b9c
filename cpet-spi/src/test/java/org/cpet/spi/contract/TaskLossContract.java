package org.cpet.spi.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.List;
import java.util.Optional;
import org.cpet.spi.loss.OutputKind;
import org.cpet.spi.loss.TaskLoss;
import org.cpet.spi.loss.TaskLossFactory;
import org.cpet.spi.model.ModelTask;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.model.TrainableTensor;
import org.junit.jupiter.api.Test;

/** What every task loss holds. */
public interface TaskLossContract<O extends Record> extends ExtensionContract<TaskLossFactory<O>, O> {
    /** The tasks the loss is for. */
    default List<ModelTask> tasks() {
        return List.of(ModelTask.SEQ_CLS, ModelTask.CAUSAL_LM, ModelTask.SEQ2SEQ_LM);
    }

    @Test
    default void itIsAScalarInFloat32() {
        eachTask((session, task, batch) -> {
            for (DataType type : List.of(DataType.FLOAT32, DataType.FLOAT16)) {
                NDArray loss = compute(session, ToyOutputs.of(session.manager(), task, type, 1), batch);

                assertThat(loss.isScalar()).as("a scalar").isTrue();
                assertThat(loss.getDataType()).as("type of the loss").isEqualTo(DataType.FLOAT32);
                assertThat(Contracts.number(loss)).isFinite();
            }
        });
    }

    @Test
    default void ignoredPositionsDoNotCount() {
        eachTask((session, task, batch) -> {
            ToyOutputs outputs = ToyOutputs.of(session.manager(), task, DataType.FLOAT32, 1);

            assertThat(value(session, outputs.withUncounted(50, batch), batch))
                    .as("loss with other logits at ignored positions")
                    .isEqualTo(value(session, outputs, batch));
        });
    }

    @Test
    default void itIsAMeanNotASum() {
        eachTask((session, task, batch) -> {
            ToyOutputs outputs = ToyOutputs.of(session.manager(), task, DataType.FLOAT32, 1);
            NDArray logits = outputs.tensors().get(OutputKind.LOGITS);
            ToyOutputs twice = outputs.with(OutputKind.LOGITS, logits.concat(logits, 0));
            NDArray labels = batch.labels().orElseThrow();
            TokenBatch both = new TokenBatch(
                    batch.inputIds().concat(batch.inputIds(), 0),
                    batch.attentionMask().concat(batch.attentionMask(), 0),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(labels.concat(labels, 0)));

            // float32 sums of twice as many terms
            assertThat(value(session, twice, both))
                    .as("loss of every row twice")
                    .isCloseTo(value(session, outputs, batch), within(1e-5));
        });
    }

    @Test
    default void gradientsAgreeWithFiniteDifferences() {
        for (ModelTask task : tasks()) {
            try (ContractSession session = ContractSession.openFloat64()) {
                TokenBatch batch = ToyOutputs.batch(session.manager(), task);
                ToyOutputs outputs = ToyOutputs.of(session.manager(), task, DataType.FLOAT64, 1);
                NDArray leaf = session.ops().trainable(outputs.tensors().get(OutputKind.LOGITS));
                ToyOutputs moving = outputs.with(OutputKind.LOGITS, leaf);
                Contracts.gradients(session.ops(), () -> compute(session, moving, batch));

                assertThat(Contracts.largest(Contracts.numbers(session.ops().gradient(leaf))))
                        .isPositive();
                Slopes.assertAgree(
                        session, new TrainableTensor("logits of " + task, leaf), () -> compute(session, moving, batch));
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

    private double value(ContractSession session, ToyOutputs outputs, TokenBatch batch) {
        return Contracts.scoped(session.ops(), () -> Contracts.number(compute(session, outputs, batch)));
    }

    private NDArray compute(ContractSession session, ToyOutputs outputs, TokenBatch batch) {
        TaskLoss loss = factory().create(options(), session.context(1));
        return loss.loss(outputs.output(), batch);
    }
}
