package org.cpet.plugin.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.cpet.runtime.engine.safetensors.SafetensorsWriter;
import org.cpet.runtime.model.ModelDirectory;
import org.cpet.spi.InputException;
import org.cpet.spi.fixture.Fixtures;
import org.cpet.spi.model.ForwardMode;
import org.cpet.spi.model.ModelRequest;
import org.cpet.spi.model.ModelTask;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.tensor.Ops;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelCheckTest {
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

    @Test
    void everythingThatDoesNotFitIsReported() {
        change("llama_mha_untied", tensors -> {
            tensors.put("model.norms.weight", tensors.remove("model.norm.weight"));
            tensors.put("lm_head.weight", session.manager().zeros(new Shape(67, 31)));
            tensors.put("model.layers.0.mlp.up_proj.bias", session.manager().zeros(new Shape(48)));
        });

        assertThatThrownBy(() -> session.load(folder))
                .isInstanceOf(InputException.class)
                .hasMessage(folder + ": 4 tensors do not fit config.json: missing model.norm.weight (32); did you mean"
                        + " model.norms.weight?, lm_head.weight has shape (67, 31), not (67, 32), unexpected"
                        + " model.layers.0.mlp.up_proj.bias, unexpected model.norms.weight");
    }

    @Test
    void namesMayLackThePrefixOrSpellNormsTheOldWay() {
        change(
                "bert_cls",
                rename(name -> name.replace("bert.", "")
                        .replace("LayerNorm.weight", "LayerNorm.gamma")
                        .replace("LayerNorm.bias", "LayerNorm.beta")));

        assertSameLogits("bert_cls");
    }

    @Test
    void buffersAndOtherHeadsAreSkipped() {
        change("bert_cls", tensors -> {
            tensors.put("bert.embeddings.position_ids", session.manager().zeros(new Shape(1, 40), DataType.INT64));
            tensors.put("cls.predictions.bias", session.manager().zeros(new Shape(63)));
        });

        assertSameLogits("bert_cls");
        assertThat(session.notices()).containsExactly(folder + ": not used for this task: cls.predictions.bias");
    }

    @Test
    void aClassifierCanBeOpenedWithoutItsHead() {
        change("bert_cls", tensors -> {});

        try (TransformerModel model = session.load(folder, new ModelRequest(ModelTask.ENCODER, 0))) {
            assertThat(model.classifier()).isEmpty();
            assertThat(session.notices())
                    .containsExactly(folder + ": not used for this task: classifier.bias, classifier.weight");
        }
    }

    @Test
    void anotherNumberOfClassesThanTheFileHasIsRefused() {
        change("bert_cls", tensors -> {});

        assertThatThrownBy(() -> session.load(folder, new ModelRequest(ModelTask.SEQ_CLS, 2)))
                .hasMessage(folder + ": 2 tensors do not fit config.json: classifier.weight has shape (3, 36), not"
                        + " (2, 36), classifier.bias has shape (3), not (2)");
    }

    @Test
    void aMissingPoolerIsDrawnAndSaidSo() {
        change("bert_cls", tensors -> tensors.keySet().removeIf(name -> name.contains("pooler")));

        try (TransformerModel model = session.load(folder)) {
            assertThat(session.notices())
                    .containsExactly(folder + " has no bert.pooler.dense; drawn from the seed, to be trained and saved"
                            + " with the adapter");
            assertThat(model.layout().tensors())
                    .extracting("name")
                    .contains("bert.pooler.dense.weight", "bert.pooler.dense.bias");
        }
    }

    @Test
    void copiesOfATiedTableAreOneTensor() {
        change("t5_v10_relu_tied", tensors -> {
            for (String copy : new String[] {"encoder.embed_tokens.weight", "lm_head.weight"}) {
                tensors.put(copy, tensors.get("shared.weight"));
            }
            tensors.put("decoder.embed_tokens.weight", tensors.remove("shared.weight"));
        });

        assertSameLogits("t5_v10_relu_tied");
    }

    @Test
    void aTiedHeadThatIsAnotherMatrixIsRefused() {
        change(
                "llama_gqa_tied",
                tensors -> tensors.put(
                        "lm_head.weight",
                        tensors.get("model.embed_tokens.weight").add(1e-6f)));

        assertThatThrownBy(() -> session.load(folder))
                .hasMessage(folder + ": lm_head.weight differs from model.embed_tokens.weight; allowed equal tensors,"
                        + " since config.json ties them (tie_word_embeddings)");
    }

    @Test
    void aTensorOfWholeNumbersIsRefused() {
        change(
                "llama_mha_untied",
                tensors -> tensors.put("model.norm.weight", session.manager().zeros(new Shape(32), DataType.INT64)));

        assertThatThrownBy(() -> session.load(folder))
                .hasMessage(folder + ": 1 tensor does not fit config.json: model.norm.weight has dtype I64, not F64,"
                        + " F32, F16 or BF16");
    }

    @Test
    void everyTensorIsGivenOnce() {
        change("llama_gqa_tied", tensors -> {});

        try (TransformerModel model = session.load(folder)) {
            assertThat(model.tensors())
                    .extracting("name")
                    .doesNotHaveDuplicates()
                    .containsExactlyInAnyOrderElementsOf(
                            ModelDirectory.open(folder).weights().tensors().keySet());
        }
    }

    private void assertSameLogits(String fixture) {
        Path golden = Fixtures.require("fixtures/" + fixture).resolve("golden");
        Ops.Scope scope = session.ops().scope();
        try (scope;
                TransformerModel model = session.load(folder)) {
            Golden expected = new Golden(session, golden);
            expected.assertOutputs(
                    "outputs.safetensors",
                    Golden.named(
                            model.forward(expected.batch("inputs.safetensors"), ForwardMode.EXACT.withHiddenStates())));
        }
    }

    /** Copies a fixture's model into the folder with its tensors changed. */
    private void change(String fixture, Consumer<Map<String, NDArray>> changes) {
        Path source = Fixtures.require("fixtures/" + fixture);
        Map<String, NDArray> tensors = session.read(source.resolve("model.safetensors"));
        changes.accept(tensors);
        SafetensorsWriter.write(folder.resolve("model.safetensors"), tensors, Map.of());
        try {
            Files.copy(source.resolve("config.json"), folder.resolve("config.json"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Consumer<Map<String, NDArray>> rename(UnaryOperator<String> change) {
        return tensors -> {
            Map<String, NDArray> renamed = new LinkedHashMap<>();
            tensors.forEach((name, tensor) -> renamed.put(change.apply(name), tensor));
            tensors.clear();
            tensors.putAll(renamed);
        };
    }
}
