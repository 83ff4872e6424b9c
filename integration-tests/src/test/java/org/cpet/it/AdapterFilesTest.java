package org.cpet.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.cpet.it.support.Shared;
import org.cpet.it.support.Tensors;
import org.cpet.runtime.checkpoint.Contents;
import org.cpet.runtime.engine.DeviceChoice;
import org.cpet.runtime.engine.EngineSession;
import org.cpet.runtime.interop.AdapterFiles;
import org.cpet.runtime.interop.ModelLineage;
import org.cpet.runtime.interop.PeftAdapter;
import org.cpet.runtime.model.ModelDirectory;
import org.cpet.runtime.plugin.PluginCatalog;
import org.cpet.runtime.script.OpenedModel;
import org.cpet.runtime.script.ScriptContext;
import org.cpet.runtime.train.TrainableClassifier;
import org.cpet.spi.InputException;
import org.cpet.spi.model.TrainableModule;
import org.cpet.spi.pet.PetModule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Adapters that PEFT wrote, read and written again. */
class AdapterFilesTest {
    @TempDir
    Path temp;

    @ParameterizedTest
    @CsvSource({
        "bert_cls, lora",
        "roberta_cls, lora",
        "llama_gqa_tied, lora",
        "t5_v10_relu_tied, lora",
        "t5_v11_gated_untied, lora",
        "bert_cls, ia3",
        "roberta_cls, ia3",
        "llama_gqa_tied, ia3",
        "t5_v10_relu_tied, ia3",
        "t5_v11_gated_untied, ia3"
    })
    void anAdapterWrittenAgainKeepsPeftsNamesShapesValuesAndKeys(String fixture, String kind) throws IOException {
        Path model = Shared.path("fixtures/" + fixture);
        Path adapter = model.resolve("golden").resolve(kind);
        rewrite(model, adapter);
        Map<String, Tensors.Values> golden = Tensors.read(adapter.resolve("adapter_model.safetensors"));
        Map<String, Tensors.Values> ours = Tensors.read(temp.resolve("adapter_model.safetensors"));
        assertThat(ours.keySet()).isEqualTo(golden.keySet());
        Tensors.assertClose(golden, ours, 0, 0);
        assertThat(config(temp)).isEqualTo(config(adapter));
    }

    @ParameterizedTest
    @CsvSource({
        "bert_cls, prefix",
        "bert_cls, prompt",
        "roberta_cls, prefix",
        "llama_gqa_tied, prefix",
        "llama_gqa_tied, prompt",
        "t5_v10_relu_tied, prefix",
        "t5_v11_gated_untied, prompt"
    })
    void virtualTokensWrittenAgainKeepPeftsNamesShapesValuesAndKeys(String fixture, String kind) throws IOException {
        Path model = Shared.path("fixtures/" + fixture);
        Path adapter = model.resolve("golden").resolve(kind);
        rewrite(model, adapter);
        Map<String, Tensors.Values> golden = Tensors.read(adapter.resolve("adapter_model.safetensors"));
        Map<String, Tensors.Values> ours = Tensors.read(temp.resolve("adapter_model.safetensors"));
        assertThat(ours.keySet()).isEqualTo(golden.keySet());
        Tensors.assertClose(golden, ours, 0, 0);
        assertThat(config(temp)).isEqualTo(config(adapter));
    }

    @Test
    void anAdapterOfAnotherBaseIsRefused() throws IOException {
        Path model = Shared.path("fixtures/bert_cls");
        rewrite(model, model.resolve("golden/lora"));
        ModelLineage own = ModelLineage.of(model, ModelDirectory.open(model).weights());
        Path other = Shared.path("fixtures/roberta_cls");
        ModelLineage another = ModelLineage.of(other, ModelDirectory.open(other).weights());
        PeftAdapter written = PeftAdapter.open(temp);
        own.require(written);
        assertThatThrownBy(() -> another.require(written))
                .isInstanceOf(InputException.class)
                .hasMessage(temp + " was made for another base model; found fingerprint " + own.origin() + "; allowed "
                        + another.origin() + ", that of " + other);
    }

    private void rewrite(Path model, Path adapter) throws IOException {
        try (PluginCatalog catalog = PluginCatalog.discover(getClass().getClassLoader(), List.of());
                EngineSession session = EngineSession.open(DeviceChoice.parse("cpu"), 1)) {
            ScriptContext context = new ScriptContext(session, 1, notice -> {});
            try (OpenedModel opened = OpenedModel.open(model, adapter, DataType.FLOAT32, session, catalog, context)) {
                PetModule pet = (PetModule) opened.modules().get(0);
                TrainableModule head = opened.modules().size() > 1
                        ? opened.modules().get(1)
                        : TrainableClassifier.attach(session.ops(), opened.model());
                String base = ModelLineage.of(model, ModelDirectory.open(model).weights())
                        .origin();
                for (Map.Entry<String, Contents> file : AdapterFiles.of(
                                Optional.of(pet), head, Optional.empty(), Optional.empty(), "", base)
                        .entrySet()) {
                    write(temp.resolve(file.getKey()), file.getValue());
                }
            }
        }
    }

    private static void write(Path file, Contents contents) throws IOException {
        Files.createFile(file);
        contents.writeTo(bytes -> {
            try {
                byte[] part = new byte[bytes.remaining()];
                bytes.get(part);
                Files.write(file, part, StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    /** Target modules are a set. */
    private static Map<String, Object> config(Path directory) throws IOException {
        JsonNode json = JsonMapper.shared().readTree(Files.readString(directory.resolve("adapter_config.json")));
        Map<String, Object> config = new TreeMap<>();
        json.propertyStream()
                .forEach(entry -> config.put(
                        entry.getKey(),
                        entry.getKey().equals("target_modules")
                                ? entry.getValue().values().stream()
                                        .map(JsonNode::asString)
                                        .sorted()
                                        .toList()
                                : entry.getValue()));
        return config;
    }
}
