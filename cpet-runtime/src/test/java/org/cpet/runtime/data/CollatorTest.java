package org.cpet.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.common.primitives.ImmutableLongArray;
import java.util.List;
import org.cpet.runtime.engine.CpuOpsProvider;
import org.cpet.runtime.train.MicroBatch;
import org.cpet.spi.model.ModelTask;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.tensor.OpsProvider;
import org.junit.jupiter.api.Test;

class CollatorTest {
    private final EncodedRow longer = row(ids(5, 6, 7), ids(0, 1, 1), ids(2));
    private final EncodedRow shorter = row(ids(8), ids(0), ids(0));

    @Test
    void classesArePaddedOnTheRight() {
        try (OpsProvider.Session session = new CpuOpsProvider().open()) {
            TokenBatch batch = new Collator(session.manager(), ModelTask.SEQ_CLS, 9).batch(List.of(longer, shorter));

            assertThat(batch.inputIds().getShape()).isEqualTo(new Shape(2, 3));
            assertThat(batch.inputIds().getDataType()).isEqualTo(DataType.INT64);
            assertThat(batch.inputIds().toLongArray()).containsExactly(5, 6, 7, 8, 9, 9);
            assertThat(batch.attentionMask().toLongArray()).containsExactly(1, 1, 1, 1, 0, 0);
            assertThat(batch.tokenTypeIds().orElseThrow().toLongArray()).containsExactly(0, 1, 1, 0, 0, 0);
            assertThat(batch.labels().orElseThrow().getShape()).isEqualTo(new Shape(2));
            assertThat(batch.labels().orElseThrow().toLongArray()).containsExactly(2, 0);
        }
    }

    @Test
    void answersArePaddedWithIgnoredLabels() {
        try (OpsProvider.Session session = new CpuOpsProvider().open()) {
            EncodedRow first = row(ids(5), ids(0), ids(3, 1));
            EncodedRow second = row(ids(5, 6), ids(0, 0), ids(1));

            TokenBatch batch = new Collator(session.manager(), ModelTask.SEQ2SEQ_LM, 0).batch(List.of(first, second));

            assertThat(batch.inputIds().toLongArray()).containsExactly(5, 0, 5, 6);
            assertThat(batch.labels().orElseThrow().toLongArray()).containsExactly(3, 1, 1, -100);
            assertThat(batch.tokenTypeIds()).isEmpty();
        }
    }

    @Test
    void promptsOfCausalModelsArePaddedOnTheLeft() {
        try (OpsProvider.Session session = new CpuOpsProvider().open()) {
            List<ImmutableLongArray> prompts = List.of(ids(5, 6, 7), ids(8));

            TokenBatch causal = new Collator(session.manager(), ModelTask.CAUSAL_LM, 9).prompts(prompts);
            TokenBatch encoder = new Collator(session.manager(), ModelTask.SEQ2SEQ_LM, 9).prompts(prompts);

            assertThat(causal.inputIds().toLongArray()).containsExactly(5, 6, 7, 9, 9, 8);
            assertThat(causal.attentionMask().toLongArray()).containsExactly(1, 1, 1, 0, 0, 1);
            assertThat(encoder.inputIds().toLongArray()).containsExactly(5, 6, 7, 8, 9, 9);
            assertThat(encoder.attentionMask().toLongArray()).containsExactly(1, 1, 1, 1, 0, 0);
        }
    }

    @Test
    void trainingBatchesKnowWhatTheyCount() {
        try (OpsProvider.Session session = new CpuOpsProvider().open()) {
            Collator collator = new Collator(session.manager(), ModelTask.SEQ_CLS, 0);
            TrainingBatches batches = new TrainingBatches(List.of(longer, shorter, shorter), 2, 42, collator);

            assertThat(batches.microBatches()).isEqualTo(2);
            List<Integer> rows = batches.rows(0, 0);
            MicroBatch batch = batches.collate(rows);
            assertThat(batch.rows()).isEqualTo(rows);
            assertThat(batch.tokens().inputIds().getShape().get(0)).isEqualTo(rows.size());
            assertThat(batches.counted(List.of(0, 1))).isEqualTo(2);
            assertThat(batches.tokens(List.of(0, 1))).isEqualTo(4);
            assertThat(batches.rows(1, 0)).isEqualTo(batches.rows(1, 0));
            assertThat(batches.size()).isEqualTo(3);
            assertThat(batches.inputLength(0)).isEqualTo(3);
            assertThat(batches.targetLength(0)).isZero();
        }
    }

    private static EncodedRow row(ImmutableLongArray ids, ImmutableLongArray types, ImmutableLongArray labels) {
        return new EncodedRow(ids, types, labels, 0);
    }

    private static ImmutableLongArray ids(long... ids) {
        return ImmutableLongArray.copyOf(ids);
    }
}
