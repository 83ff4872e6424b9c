package org.cpet.plugin.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.nio.file.Path;
import org.cpet.runtime.model.ModelDirectory;
import org.cpet.spi.fixture.Fixtures;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.ModelTensor;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.Ops;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RandomModelTest {
    private ModelSession session;

    @BeforeEach
    void open() {
        session = new ModelSession();
    }

    @AfterEach
    void close() {
        session.close();
    }

    @Test
    void oneSeedDrawsOneModel() {
        ModelDirectory directory = ModelDirectory.open(Fixtures.require("fixtures/t5_v11_gated_untied"));
        try (TransformerModel first = random(directory);
                TransformerModel second = random(directory)) {
            assertThat(first.tensors()).isNotEmpty();
            for (int i = 0; i < first.tensors().size(); i++) {
                assertThat(second.tensors().get(i).value())
                        .isEqualTo(first.tensors().get(i).value());
            }
        }
    }

    @Test
    void weightsStartAsTheFamilySays() {
        ModelDirectory directory = ModelDirectory.open(Fixtures.require("fixtures/t5_v11_gated_untied"));
        try (TransformerModel model = random(directory)) {
            // 1 / sqrt(d_model · d_kv) for queries; 1176 values estimate it to about 2 %
            assertThat(spread(model, "encoder.block.0.layer.0.SelfAttention.q.weight"))
                    .isCloseTo((float) (1 / Math.sqrt(28 * 14)), within(0.005f));
            assertThat(spread(model, "shared.weight")).isCloseTo(1, within(0.05f));
            assertThat(spread(model, "decoder.final_layer_norm.weight")).isEqualTo(1);
        }
    }

    @Test
    void dropoutActsInTrainingAlone() {
        Path minilm = Fixtures.require("models/minilm");
        Ops.Scope scope = session.ops().scope();
        try (scope;
                TransformerModel model = session.load(minilm)) {
            NDArray ids = session.manager().create(new long[][] {{101, 2023, 2003, 102}});
            TokenBatch batch = TokenBatch.of(ids, ids.onesLike()).withoutPadding();
            NDArray exact = model.forward(batch, ForwardMode.EXACT).lastHidden();

            assertThat(model.forward(batch, ForwardMode.EXACT).lastHidden()).isEqualTo(exact);
            assertThat(model.forward(batch, ForwardMode.TRAINING).lastHidden()).isNotEqualTo(exact);
        }
    }

    @Test
    void theDecoderReadsTheLabelsShiftedRight() {
        Path folder = Fixtures.require("fixtures/t5_v10_relu_tied");
        TokenBatch batch = new Golden(session, folder.resolve("golden")).batch("inputs.safetensors");
        NDArray labels = session.manager().create(new long[][] {{7, 8, 1, -100}});
        NDArray decoder = session.manager().create(new long[][] {{0, 7, 8, 1}});
        NDArray one = batch.inputIds().get("0:1");
        TokenBatch text = TokenBatch.of(one, one.onesLike());
        Ops.Scope scope = session.ops().scope();
        try (scope;
                TransformerModel model = session.load(folder)) {
            NDArray given = model.forward(text.withDecoderInput(decoder), ForwardMode.EXACT)
                    .requireLogits();

            assertThat(model.forward(text.withLabels(labels), ForwardMode.EXACT).requireLogits())
                    .isEqualTo(given);
        }
    }

    private TransformerModel random(ModelDirectory directory) {
        return session.loader().random(directory, directory.nativeRequest(session.families()), DataType.FLOAT32);
    }

    private static float spread(TransformerModel model, String name) {
        ModelTensor tensor = model.tensors().stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow();
        return tensor.value().square().mean().sqrt().getFloat();
    }
}
