package org.cpet.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.cpet.it.support.FixtureModels;
import org.cpet.it.support.Shared;
import org.cpet.plugin.quantization.grouped.RangeSearch;
import org.cpet.plugin.quantization.grouped.RtnFactory;
import org.cpet.plugin.quantization.grouped.RtnOptions;
import org.cpet.runtime.model.ModelDirectory;
import org.cpet.runtime.model.ModelWriter;
import org.cpet.spi.InputException;
import org.cpet.spi.compress.CalibrationData;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.LinearSpec;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.Ops;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Packed layers are written packed and opened packed: the same bytes, the same logits. */
class PackedDirectoryTest {
    private static final FixtureModels MODELS = new FixtureModels();

    @TempDir
    private Path folder;

    @AfterAll
    static void close() {
        MODELS.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bert_cls",
                "roberta_cls",
                "llama_gqa_tied",
                "llama_mha_untied",
                "t5_v10_relu_tied",
                "t5_v11_gated_untied"
            })
    void aPackedModelOpensAsItWasWritten(String family) {
        Path source = Shared.path("fixtures/" + family);
        Path target = folder.resolve(family);
        try (TransformerModel model = packed(source, 3)) {
            write(model, source, target);
            try (TransformerModel opened = MODELS.load(target)) {
                assertThat(opened.layout().linears()).isEqualTo(model.layout().linears());
                assertThat(opened.linears().get(0).op().storage()).isEqualTo("w3");
                assertThat(logits(opened, source)).containsExactly(logits(model, source));
            }
            // and once more: what was opened is written as it was found
            try (TransformerModel opened = MODELS.load(target)) {
                Path again = folder.resolve(family + "-again");
                write(opened, source, again);
                assertThat(again.resolve("model.safetensors"))
                        .hasSameBinaryContentAs(target.resolve("model.safetensors"));
                assertThat(again.resolve("config.json")).hasSameBinaryContentAs(target.resolve("config.json"));
            }
        }
    }

    @Test
    void anArchitecturesLayoutShowsWhatThePackedFilesHold() {
        Path source = Shared.path("fixtures/bert_cls");
        Path target = folder.resolve("packed");
        try (TransformerModel model = packed(source, 4)) {
            write(model, source, target);
            try (TransformerModel opened = MODELS.load(target)) {
                LinearSpec query = opened.layout().linears().get(0);
                // 36 by 36 codes of half a byte, a scale, a zero point and a bias for each row
                assertThat(query.bytes()).isEqualTo(36 * 18 + 36 * (4 + 1 + 4));
            }
        }
    }

    @Test
    void filesThatContradictTheConfigAreRefused() throws IOException {
        Path source = Shared.path("fixtures/bert_cls");
        Path target = folder.resolve("packed");
        try (TransformerModel model = packed(source, 4)) {
            write(model, source, target);
        }
        Path config = target.resolve("config.json");
        String right = Files.readString(config);

        Files.writeString(config, right.replace("\"bits\" : 4", "\"bits\" : 3"));
        assertThatThrownBy(() -> MODELS.load(target))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(
                        "bert.encoder.layer.0.attention.self.query.weight_quant has shape (648), not (486)");

        Files.writeString(config, right.replace("\"bits\" : 4", "\"bits\" : 5"));
        assertThatThrownBy(() -> MODELS.load(target))
                .hasMessage(config + ": 'bits' of packed layers; found 5; allowed 2, 3, 4, 8");

        Files.writeString(config, right.replace("\"affine\"", "\"afine\""));
        assertThatThrownBy(() -> MODELS.load(target))
                .hasMessageStartingWith(
                        config + ": no plugin opens this format of packed layers; found afine; allowed" + " affine")
                .hasMessageEndingWith("; did you mean affine?");

        Files.writeString(config, right.replace("\"quant_method\" : \"cpet\"", "\"quant_method\" : \"gptq\""));
        assertThatThrownBy(() -> MODELS.load(target))
                .hasMessage(config + ": 'quantization_config.quant_method'; found gptq; allowed cpet, or a directory"
                        + " with dense weights");
    }

    private static TransformerModel packed(Path source, int bits) {
        TransformerModel model = MODELS.load(source);
        new RtnFactory()
                .create(
                        new RtnOptions(bits, Optional.empty(), RangeSearch.MINMAX, List.of("all-linear"), List.of()),
                        MODELS)
                .compress(model, CalibrationData.NONE);
        return model;
    }

    private static void write(TransformerModel model, Path source, Path target) {
        new ModelWriter(MODELS.ops()).write(model, ModelDirectory.open(source), target);
    }

    private static float[] logits(TransformerModel model, Path source) {
        Ops ops = MODELS.ops();
        try (Ops.Scope scope = ops.scope()) {
            return ops.withoutGradients(() -> model.forward(
                            MODELS.batch(source.resolve("golden/inputs.safetensors"), model.manager()),
                            ForwardMode.EXACT)
                    .requireLogits()
                    .toFloatArray());
        }
    }
}
