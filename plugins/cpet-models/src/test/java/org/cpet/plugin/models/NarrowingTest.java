package org.cpet.plugin.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.cpet.runtime.model.ModelDirectory;
import org.cpet.runtime.model.ModelWriter;
import org.cpet.spi.InputException;
import org.cpet.spi.fixture.Fixtures;
import org.cpet.spi.model.AttentionSite;
import org.cpet.spi.model.DenseLinear;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.Ops;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NarrowingTest {
    // the same sums without the zeros
    private static final float CLOSE = 1e-5f;

    @TempDir
    private Path folder;

    private ModelSession session;

    @BeforeEach
    void open() {
        session = new ModelSession();
    }

    @AfterEach
    void close() {
        session.close();
    }

    /** In T5 all blocks of a stack read one table of positions, of which each must pick its own heads. */
    @Test
    void blocksMayLoseDifferentHeads() {
        Path base = Fixtures.require("fixtures/t5_v10_relu_tied");
        TokenBatch batch = new Golden(session, base.resolve("golden")).batch("inputs.safetensors");
        Ops.Scope scope = session.ops().scope();
        try (scope;
                TransformerModel silenced = session.load(base);
                TransformerModel narrowed = session.load(base)) {
            for (int i = 0; i < narrowed.attentions().size(); i++) {
                int[] kept = {i % 4, (i + 2) % 4};
                silence(silenced.attentions().get(i), kept);
                narrowed.attentions()
                        .get(i)
                        .keepGroups(IntStream.of(kept).sorted().toArray());
            }
            NDArray expected = silenced.forward(batch, ForwardMode.EXACT).requireLogits();

            assertClose(narrowed.forward(batch, ForwardMode.EXACT).requireLogits(), expected);
            new ModelWriter(session.ops()).write(narrowed, ModelDirectory.open(base), folder);
            try (TransformerModel saved = session.load(folder)) {
                assertClose(saved.forward(batch, ForwardMode.EXACT).requireLogits(), expected);
            }
        }
    }

    @Test
    void layersThatDifferAreListedInTheConfigThatWeRead() throws IOException {
        Path base = Fixtures.require("fixtures/llama_mha_untied");
        try (TransformerModel model = session.load(base)) {
            assertThat(model.savedForm()).isEmpty();
            model.feedForwards().get(0).keepUnits(new int[] {0, 1, 2});

            new ModelWriter(session.ops()).write(model, ModelDirectory.open(base), folder);

            assertThat(model.savedForm())
                    .hasValue(
                            "layers differ in heads or neurons, which stock configs cannot say; config.json lists them"
                                    + " under block_widths");
        }
        try (TransformerModel saved = session.load(folder)) {
            assertThat(saved.feedForwards().get(0).units()).isEqualTo(3);
            assertThat(saved.feedForwards().get(1).units()).isEqualTo(48);
        }
        Path config = folder.resolve("config.json");
        Files.writeString(config, Files.readString(config).replaceFirst(": 3\\b", ": 49"));
        assertThatThrownBy(() -> session.load(folder))
                .isInstanceOf(InputException.class)
                .hasMessage(config + ": 'block_widths.model.layers.0.mlp'; found 49; allowed 1 to 48");
    }

    @Test
    void aRowOfPaddingAloneGivesNumbers() {
        Path base = Fixtures.require("fixtures/llama_gqa_tied");
        Ops.Scope scope = session.ops().scope();
        try (scope;
                TransformerModel model = session.load(base)) {
            NDArray ids = session.manager().create(new long[][] {{0, 0, 0}, {0, 5, 6}});
            NDArray mask = session.manager().create(new long[][] {{0, 0, 0}, {0, 1, 1}});
            NDArray logits =
                    model.forward(TokenBatch.of(ids, mask), ForwardMode.EXACT).requireLogits();

            for (float logit : logits.toFloatArray()) {
                assertThat(logit).isFinite();
            }
        }
    }

    /** Sets the columns of the output projection that read the removed heads to 0. */
    private void silence(AttentionSite attention, int[] kept) {
        NDArray weight = attention.output().op().weight();
        NDArray factors = session.manager().zeros(weight.getShape());
        for (int head : kept) {
            long from = (long) head * attention.headDim();
            factors.set(new NDIndex(":, " + from + ":" + (from + attention.headDim())), 1);
        }
        attention.output().replace(((DenseLinear) attention.output().op()).withWeight(weight.mul(factors)));
    }

    private static void assertClose(NDArray actual, NDArray expected) {
        assertThat(actual.sub(expected).abs().max().getFloat()).isLessThan(CLOSE);
    }
}
