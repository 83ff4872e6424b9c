package org.cpet.plugin.models;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.cpet.spi.fixture.Fixtures;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.ModelOutput;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.Ops;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForwardTest {
    private static ModelSession session;

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
                "bert_cls",
                "roberta_cls",
                "llama_mha_untied",
                "llama_gqa_tied",
                "llama_rope_llama3",
                "llama_bf16",
                "llama_fp16",
                "llama_sharded",
                "t5_v10_relu_tied",
                "t5_v11_gated_untied",
            })
    void outputsEqualTheGoldenFiles(String name) {
        Path folder = Fixtures.require("fixtures/" + name);
        Golden golden = new Golden(session, folder.resolve("golden"));
        try (TransformerModel model = session.load(folder)) {
            for (String kind : new String[] {"", "_len1", "_leftpad"}) {
                if (Files.exists(folder.resolve("golden/inputs" + kind + ".safetensors"))) {
                    check(model, golden, kind);
                }
            }
        }
    }

    private static void check(TransformerModel model, Golden golden, String kind) {
        TokenBatch batch = golden.batch("inputs" + kind + ".safetensors");
        Ops.Scope scope = session.ops().scope();
        try (scope) {
            ModelOutput output = model.forward(batch, ForwardMode.EXACT.withHiddenStates());
            Map<String, NDArray> named = Golden.named(output);
            golden.assertOutputs("outputs" + kind + ".safetensors", named);
            NDArray last = model.forward(batch, ForwardMode.EXACT).lastHidden();
            assertThat(last).isEqualTo(output.lastHidden());
        }
    }
}
