package org.cpet.plugin.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import com.google.common.primitives.ImmutableLongArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.cpet.runtime.generate.Generation;
import org.cpet.runtime.generate.TokenChoice;
import org.cpet.spi.fixture.Fixtures;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.GenerativeModel;
import org.cpet.spi.model.ModelOutput;
import org.cpet.spi.model.ModelRequest;
import org.cpet.spi.model.ModelTask;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.Ops;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RealModelsTest {
    // weights of a real model are larger than the fixtures'; this is what the golden files ask for
    private static final float CLOSE = 1e-4f;

    private static ModelSession session;

    @BeforeAll
    static void open() {
        session = new ModelSession();
    }

    @AfterAll
    static void close() {
        session.close();
    }

    @Test
    void minilmGivesItsHiddenStatesAndPooledVector() {
        Path folder = Fixtures.require("models/minilm");
        Map<String, NDArray> golden = session.read(folder.resolve("golden/outputs.safetensors"));
        TokenBatch batch = TokenBatch.of(golden.get("input_ids"), golden.get("attention_mask"))
                .withTokenTypes(golden.get("token_type_ids"));
        Ops.Scope scope = session.ops().scope();
        try (scope;
                TransformerModel model = session.load(folder)) {
            ModelOutput output = model.forward(batch, ForwardMode.EXACT.withHiddenStates());

            assertThat(output.logits()).isEmpty();
            assertClose(output.pooled().orElseThrow(), golden.get("pooled"), Optional.empty());
            for (int i = 0; i < output.hiddenStates().size(); i++) {
                NDArray expected = golden.get("hidden" + i);
                assertClose(output.hiddenStates().get(i), expected, Optional.of(batch.attentionMask()));
            }
            assertThat(output.hiddenStates()).hasSize(7);
        }
    }

    @Test
    void minilmGetsAClassifierFromTheSeedAndSaysSo() {
        Path folder = Fixtures.require("models/minilm");
        try (ModelSession own = new ModelSession();
                TransformerModel model = own.load(folder, new ModelRequest(ModelTask.SEQ_CLS, 2))) {
            assertThat(own.notices())
                    .containsExactly(folder
                            + " has no classifier; drawn from the seed, to be trained and saved with the adapter");
            assertThat(model.classifier()).hasSize(1);
            NDArray weight = model.classifier().get(0).op().weight();
            assertThat(weight.getShape().getShape()).containsExactly(2, 384);
            // initializer_range is 0.02; 768 values estimate it to about 3 %
            assertThat(weight.square().mean().sqrt().getFloat()).isCloseTo(0.02f, within(0.002f));
            assertThat(model.classifier().get(0).op().bias().get(0).toFloatArray())
                    .containsExactly(0f, 0f);
        }
    }

    @Test
    void stories260kGivesItsLikelihoods() throws IOException {
        JsonNode golden = stories();
        Ops.Scope scope = session.ops().scope();
        try (scope;
                TransformerModel model = session.load(Fixtures.require("models/stories260k"))) {
            for (JsonNode text : golden.path("texts")) {
                NDArray ids = session.manager().create(new long[][] {numbers(text.path("ids"))});
                NDArray logits = model.forward(TokenBatch.of(ids, ids.onesLike()), ForwardMode.EXACT)
                        .requireLogits();
                long length = ids.getShape().get(1);
                NDArray loss = session.ops()
                        .crossEntropy(
                                logits.get("0, 0:" + (length - 1)), ids.get("0, 1:" + length), TokenBatch.IGNORED);

                assertThat((double) loss.getFloat())
                        .isCloseTo(text.path("mean_nll").asDouble(), within(1e-3));
            }
        }
    }

    @Test
    void stories260kTellsItsStories() throws IOException {
        JsonNode golden = stories();
        try (GenerativeModel model = (GenerativeModel) session.load(Fixtures.require("models/stories260k"))) {
            for (JsonNode run : golden.path("greedy")) {
                long[] prompt = numbers(run.path("prompt_ids"));
                long[] whole = numbers(run.path("ids"));
                NDArray ids = session.manager().create(new long[][] {prompt});
                ImmutableLongArray told = new Generation(TokenChoice.GREEDY, whole.length - prompt.length, Set.of(1L))
                        .run(
                                model,
                                session.ops(),
                                TokenBatch.of(ids, ids.onesLike()),
                                ForwardMode.EXACT,
                                session.random("generate"))
                        .get(0);

                assertThat(ImmutableLongArray.builder()
                                .addAll(ImmutableLongArray.copyOf(prompt))
                                .addAll(told)
                                .build())
                        .isEqualTo(ImmutableLongArray.copyOf(whole));
            }
        }
    }

    private static JsonNode stories() throws IOException {
        Path file = Fixtures.require("models/stories260k/golden/forward.json");
        return JsonMapper.shared().readTree(Files.readAllBytes(file));
    }

    private static long[] numbers(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToLong(JsonNode::asLong)
                .toArray();
    }

    /** Compares the positions that the mask calls real. */
    private static void assertClose(NDArray actual, NDArray expected, Optional<NDArray> mask) {
        NDArray difference = actual.sub(expected).abs();
        NDArray counted = mask.map(real -> difference.mul(
                        real.toType(difference.getDataType(), false).expandDims(2)))
                .orElse(difference);
        assertThat(counted.max().getFloat()).isLessThanOrEqualTo(CLOSE);
    }
}
