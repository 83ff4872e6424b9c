package org.cpet.plugin.models;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.nio.file.Path;
import org.cpet.runtime.model.ModelDirectory;
import org.cpet.spi.fixture.Fixtures;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.Ops;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HalfPrecisionTest {
    @ParameterizedTest
    @CsvSource({
        "bert_cls, BFLOAT16",
        "roberta_cls, FLOAT16",
        "llama_gqa_tied, BFLOAT16",
        "llama_gqa_tied, FLOAT16",
        "t5_v10_relu_tied, BFLOAT16",
        "t5_v11_gated_untied, FLOAT16"
    })
    void sixteenBitsAreCloseToThirtyTwo(String name, DataType type) {
        Path folder = Fixtures.require("fixtures/" + name);
        try (ModelSession session = new ModelSession()) {
            ModelDirectory directory = ModelDirectory.open(folder);
            TokenBatch batch = new Golden(session, folder.resolve("golden")).batch("inputs.safetensors");
            Ops.Scope scope = session.ops().scope();
            try (scope;
                    TransformerModel wide = session.load(folder);
                    TransformerModel narrow =
                            session.loader().load(directory, directory.nativeRequest(session.families()), type)) {
                NDArray expected = logits(session, wide, batch);
                NDArray difference =
                        logits(session, narrow, batch).sub(expected).abs();
                // padding positions are not compared anywhere, but must be numbers
                assertThat(difference.isNaN().any().getBoolean()).isFalse();
                float spread = expected.abs().max().getFloat();

                // bfloat16 has 8 bits of precision, and the error of a few layers adds up
                assertThat(difference.mean().getFloat()).isLessThan(0.02f * spread);
            }
        }
    }

    private static NDArray logits(ModelSession session, TransformerModel model, TokenBatch batch) {
        return session.ops().cast(model.forward(batch, ForwardMode.EXACT).requireLogits(), DataType.FLOAT32);
    }
}
