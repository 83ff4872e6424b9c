package org.cpet.plugin.models;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import java.nio.file.Path;
import java.util.Map;
import org.cpet.runtime.model.ModelDirectory;
import org.cpet.runtime.model.ModelWriter;
import org.cpet.spi.fixture.Fixtures;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.Ops;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrunedModelTest {
    private static ModelSession session;

    @TempDir
    private Path scratch;

    @BeforeAll
    static void open() {
        session = new ModelSession();
    }

    @AfterAll
    static void close() {
        session.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bert_cls/golden/compress/structured",
                "bert_cls/golden/compress/structured_heads",
                "roberta_cls/golden/compress/structured",
                "roberta_cls/golden/compress/structured_heads",
                "llama_mha_untied/golden/compress/structured",
                "llama_gqa_tied/golden/compress/structured",
                "t5_v10_relu_tied/golden/compress/structured",
                "t5_v11_gated_untied/golden/compress/structured",
            })
    void narrowingLoadingAndSavingGiveTheGoldenOutputs(String name) {
        Path folder = Fixtures.require("fixtures/" + name);
        Path base = folder.getParent().getParent().getParent();
        try (TransformerModel stored = session.load(folder.resolve("pruned_model"));
                TransformerModel narrowed = session.load(base)) {
            Kept.read(folder.resolve("kept.json")).applyTo(narrowed);
            new ModelWriter(session.ops()).write(narrowed, ModelDirectory.open(base), scratch);

            check(stored, folder, base);
            check(narrowed, folder, base);
            assertThat(sizes(narrowed.layout())).isEqualTo(sizes(stored.layout()));
            try (TransformerModel saved = session.load(scratch)) {
                check(saved, folder, base);
            }
            assertThat(session.read(scratch.resolve("model.safetensors")))
                    .isEqualTo(session.read(folder.resolve("pruned_model/model.safetensors")));
        }
    }

    private static Map<String, Object> sizes(ModelLayout layout) {
        return Map.of(
                "linears", layout.linears(),
                "attentions", layout.attentions(),
                "feedForwards", layout.feedForwards());
    }

    private static void check(TransformerModel model, Path folder, Path base) {
        Golden inputs = new Golden(session, base.resolve("golden"));
        Ops.Scope scope = session.ops().scope();
        try (scope) {
            NDArray logits = model.forward(inputs.batch("inputs.safetensors"), ForwardMode.EXACT)
                    .requireLogits();
            new Golden(session, folder).assertOutputs("outputs.safetensors", Map.of("logits", logits));
        }
    }
}
