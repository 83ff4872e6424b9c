package org.cpet.plugin.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.cpet.runtime.model.RandomTensors;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.LinearSite;
import org.cpet.spi.model.ModelConfig;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModelRequest;
import org.cpet.spi.model.ModelTask;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.Ops;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows of one token: a head's only weight is 1, so that its context is zero where that weight was dropped. */
class AttentionDropoutTest {
    private static final int ROWS = 500;
    private static final int HEADS = 4;
    private static final double RATE = 0.25;

    private ModelSession session;

    @BeforeEach
    void open() {
        session = new ModelSession();
    }

    @AfterEach
    void close() {
        session.close();
    }

    /** A family's config and task; hidden states are dropped out too only where one key says both. */
    enum Family {
        BERT(
                ModelTask.SEQ_CLS,
                Map.of(
                        "hidden_size",
                        16,
                        "num_hidden_layers",
                        1,
                        "num_attention_heads",
                        HEADS,
                        "intermediate_size",
                        8,
                        "hidden_dropout_prob",
                        0.0,
                        "attention_probs_dropout_prob",
                        RATE)),
        LLAMA(
                ModelTask.CAUSAL_LM,
                Map.of(
                        "hidden_size", 16,
                        "num_hidden_layers", 1,
                        "num_attention_heads", HEADS,
                        "num_key_value_heads", 2,
                        "intermediate_size", 8,
                        "attention_dropout", RATE)),
        T5(
                ModelTask.SEQ2SEQ_LM,
                Map.of(
                        "d_model", 16,
                        "d_kv", 4,
                        "d_ff", 8,
                        "num_layers", 1,
                        "num_heads", HEADS,
                        "dropout_rate", RATE,
                        "feed_forward_proj", "relu"));

        private final ModelTask task;
        private final Map<String, Object> sizes;

        Family(ModelTask task, Map<String, Object> sizes) {
            this.task = task;
            this.sizes = sizes;
        }

        ModelConfig config() {
            Map<String, Object> values = new LinkedHashMap<>(sizes);
            values.put("model_type", name().toLowerCase(Locale.ROOT));
            values.put("vocab_size", 50);
            return new ModelConfig(Path.of(name()), values);
        }
    }

    @ParameterizedTest
    @EnumSource
    void trainingDropsWeightsAtTheRateOfTheConfigAndEvaluationNone(Family family) {
        Ops.Scope scope = session.ops().scope();
        try (scope;
                TransformerModel model = model(family)) {
            List<NDArray> evaluated = contexts(model, ForwardMode.EXACT);
            session.ops().seed(7);
            List<NDArray> trained = contexts(model, ForwardMode.TRAINING);
            session.ops().seed(7);
            List<NDArray> again = contexts(model, ForwardMode.TRAINING);

            assertThat(evaluated).hasSize(family == Family.T5 ? 3 : 1);
            for (int i = 0; i < evaluated.size(); i++) {
                assertThat(empty(evaluated.get(i))).isZero();
                // of 2,000 heads each is dropped with 1/4: one standard deviation is 0.0097, and this is four of them
                assertThat(empty(trained.get(i))).isCloseTo(RATE, within(0.039));
                assertThat(again.get(i)).isEqualTo(trained.get(i));
            }
        }
    }

    /** What each attention gave to its output projection, [rows, tokens, hidden]. */
    private List<NDArray> contexts(TransformerModel model, ForwardMode mode) {
        List<NDArray> seen = new ArrayList<>();
        List<LinearSite.Observation> observations = model.attentions().stream()
                .map(attention -> attention
                        .output()
                        .observe(context -> seen.add(session.ops().copy(context))))
                .toList();
        NDArray ids = session.manager().full(new Shape(ROWS, 1), 7, DataType.INT64);
        TokenBatch batch = TokenBatch.of(ids, ids.onesLike()).withoutPadding();
        model.forward(batch.withLabels(ids), mode);
        observations.forEach(LinearSite.Observation::close);
        return seen;
    }

    /** Share of heads whose context is zero. */
    private static double empty(NDArray context) {
        NDArray sums = context.reshape(ROWS * HEADS, -1).abs().sum(new int[] {1});
        return sums.eq(0).toType(DataType.FLOAT32, false).mean().getFloat();
    }

    private TransformerModel model(Family family) {
        ModelRequest request = new ModelRequest(family.task, 0);
        ModelConfig config = family.config();
        ModelLayout layout = session.families().of(config).layout(config, request);
        RandomTensors tensors =
                new RandomTensors(layout, DataType.FLOAT32, session.manager().newSubManager(), session);
        return session.loader().build(config, request, tensors);
    }
}
