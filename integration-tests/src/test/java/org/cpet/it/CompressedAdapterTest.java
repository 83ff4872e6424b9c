package org.cpet.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cpet.it.support.Shared;
import org.cpet.it.support.Tensors;
import org.cpet.runtime.adapter.AdapterWork;
import org.cpet.runtime.engine.safetensors.PlainTensor;
import org.cpet.runtime.engine.safetensors.SafetensorsFile;
import org.cpet.runtime.engine.safetensors.SafetensorsWriter;
import org.cpet.runtime.engine.safetensors.StoredValues;
import org.cpet.runtime.plugin.PluginCatalog;
import org.cpet.runtime.recipe.EnginelessContext;
import org.cpet.runtime.script.Methods;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.InputException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Adapter directories compressed, dense again and merged, without an engine. */
class CompressedAdapterTest {
    @TempDir
    Path temp;

    private final PluginCatalog catalog = PluginCatalog.discover(getClass().getClassLoader(), List.of());
    private final EnginelessContext context = new EnginelessContext(42);
    private final AdapterWork work = new AdapterWork(catalog, context);

    @AfterEach
    void close() {
        catalog.close();
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
    void whatComesBackIsTheReferencesAndTheClassifierIsAsItWas(String fixture) {
        Path adapter = Shared.path("fixtures/" + fixture + "/golden/lora");
        for (String percent : List.of("5", "50")) {
            compress(adapter, "small" + percent, "density=0." + (percent.equals("5") ? "05" : "5"), "alpha=4");
            decompress("small" + percent, "dense" + percent, Optional.empty());
            Map<String, Tensors.Values> golden = new LinkedHashMap<>();
            Tensors.read(Shared.path("fixtures/" + fixture + "/golden/compeft/k" + percent + ".safetensors"))
                    .forEach((name, values) -> {
                        if (name.startsWith("reconstructed.alpha_4.")) {
                            golden.put(name.substring("reconstructed.alpha_4.".length()), values);
                        }
                    });
            Map<String, Tensors.Values> dense = weights("dense" + percent);

            // alpha times sigma, which agrees to 1e-6 of values below 1
            Tensors.assertClose(golden, dense, 4e-6, 0);
            Map<String, Tensors.Values> original = Tensors.read(adapter.resolve("adapter_model.safetensors"));
            original.keySet().removeAll(golden.keySet());
            Tensors.assertClose(original, dense, 0, 0);
            assertThat(dense.keySet())
                    .isEqualTo(Tensors.read(adapter.resolve("adapter_model.safetensors"))
                            .keySet());
        }
    }

    /** The same values, compressed again with scale 1, are what they were. */
    @Test
    void whatComesBackHasTheSameSignsAgain() {
        Path adapter = Shared.path("fixtures/llama_gqa_tied/golden/lora");
        compress(adapter, "small", "density=0.2");
        decompress("small", "dense", Optional.empty());
        Map<String, Object> again = compress(temp.resolve("dense"), "again", "density=0.2");

        assertThat(again.get("kept")).isEqualTo(729L);
        byte[] first = stream("small");
        assertThat(stream("again")).isEqualTo(first).isNotEmpty();
    }

    @Test
    void headersTakeAtMost200BytesATensor() {
        for (String fixture : List.of("bert_cls", "llama_gqa_tied", "t5_v11_gated_untied")) {
            Map<String, Object> facts =
                    compress(Shared.path("fixtures/" + fixture + "/golden/lora"), fixture, "density=0.05");

            assertThat((Long) facts.get("header_bytes_per_tensor")).isLessThanOrEqualTo(200);
        }
    }

    @Test
    void recoveryModulesAreCompressedOnTheirOwn() throws IOException {
        Path adapter = adapterWithRecovery();
        Map<String, Object> facts = compress(adapter, "small", "density=0.2");
        decompress("small", "dense", Optional.empty());

        assertThat(facts.get("recovery").toString()).contains("codec=compeft", "density=0.2");
        assertThat(Files.exists(temp.resolve("small/recovery.safetensors"))).isFalse();
        assertThat(Files.readString(temp.resolve("dense/recovery_config.json"))).isEqualTo("{\"type\":\"bottleneck\"}");
        assertThat(Tensors.read(temp.resolve("dense/recovery.safetensors")).keySet())
                .isEqualTo(Tensors.read(adapter.resolve("recovery.safetensors")).keySet());
    }

    /** A scale of 1 changes nothing: what is not kept is 1. */
    @Test
    void scalesStartFromOne() {
        Path ia3 = Shared.path("fixtures/bert_cls/golden/ia3");
        Map<String, Object> facts = compress(ia3, "small", "density=0.2");
        decompress("small", "dense", Optional.empty());
        double scale = ((Float) facts.get("scale")).doubleValue();

        assertThat(facts.get("initial")).isEqualTo("1.0");
        weights("dense").forEach((name, values) -> {
            if (name.endsWith(".ia3_l")) {
                for (double value : values.values()) {
                    // a sum of two float32 numbers near 1
                    assertThat(Math.min(Math.abs(value - 1), Math.abs(Math.abs(value - 1) - scale)))
                            .isLessThan(1e-6);
                }
            }
        });
    }

    @Test
    void changesFromAnInitialAdapterNeedItAgain() {
        Path lora = Shared.path("fixtures/bert_cls/golden/lora");
        Path initial = Shared.path("fixtures/bert_cls/golden/lora2");
        compress(lora, Optional.of(initial), "small", "density=1");

        assertThatThrownBy(() -> decompress("small", "dense", Optional.empty()))
                .isInstanceOf(InputException.class)
                .hasMessage(temp.resolve("small/adapter_packed.safetensors")
                        + " was compressed against an initial adapter or model; allowed `cpet adapter decompress"
                        + " --initial DIR` first, with that directory");
        assertThatThrownBy(() -> decompress("small", "dense", Optional.of(lora)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("was compressed against other initial values; found sha256:");
        decompress("small", "dense", Optional.of(initial));
        assertThat(weights("dense")).hasSize(10);
    }

    @Test
    void aWholeModelIsCompressedAgainstTheOneItCameFrom() throws IOException {
        Path model = Shared.path("fixtures/bert_cls");
        Path tuned = Files.createDirectories(temp.resolve("tuned"));
        List<PlainTensor> changed = new ArrayList<>();
        SafetensorsFile.open(model.resolve("model.safetensors")).tensors().forEach((name, entry) -> {
            float[] values = StoredValues.floats(entry);
            for (int i = 0; i < values.length; i++) {
                values[i] += (i % 3 - 1) * 0.25f;
            }
            changed.add(PlainTensor.of("base_model.model." + name, entry.shape(), values));
        });
        changed.add(PlainTensor.of("base_model.model.new_head.weight", new Shape(2), new float[] {1, 2}));
        try (FileChannel channel = FileChannel.open(
                tuned.resolve("adapter_model.safetensors"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            SafetensorsWriter.writePlain(channel, changed, Map.of());
        }

        assertThatThrownBy(() -> compress(tuned, "small", "density=0.5"))
                .isInstanceOf(InputException.class)
                .hasMessage(tuned + ": no adapter_config.json says what its tensors start from; allowed --initial DIR,"
                        + " the model or adapter they were trained from");
        compress(tuned, Optional.of(model), "small", "density=0.05");
        decompress("small", "dense", Optional.of(model));
        Map<String, Tensors.Values> dense = weights("dense");
        assertThat(dense.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        changed.stream().map(PlainTensor::name).toList());
        assertThat(context.notices())
                .contains("1 tensors that the initial model does not have stay as they are; first"
                        + " base_model.model.new_head.weight");
    }

    @Test
    void existingDirectoriesAreLeftAlone() throws IOException {
        Path lora = Shared.path("fixtures/bert_cls/golden/lora");
        compress(lora, "small", "density=0.2");
        Path mine = Files.createDirectories(temp.resolve("mine"));
        Files.writeString(mine.resolve("thesis.tex"), "words");

        refused(
                () -> compress(lora, "small", "density=0.2"),
                temp.resolve("small") + " exists; allowed a new directory, or --overwrite");
        refused(
                () -> work.compress(
                        new AdapterWork.Paths(lora, Optional.empty(), mine, true),
                        Methods.codec(catalog, "compeft", List.of()),
                        Optional.empty()),
                mine + " exists and was not written by such a command; found thesis.tex in it; allowed a directory with"
                        + " manifest.json, or a new one");
        work.compress(
                new AdapterWork.Paths(lora, Optional.empty(), temp.resolve("small"), true),
                Methods.codec(catalog, "compeft", List.of("density=0.5")),
                Optional.empty());
        assertThat(work.info(temp.resolve("small"), Optional.empty(), Optional.empty())
                        .get("kept"))
                .isEqualTo(576L);
    }

    @Test
    void damagedAndLaterFilesAreRefusedWithTheReason() throws IOException {
        compress(Shared.path("fixtures/bert_cls/golden/lora"), "small", "density=0.2");
        Path file = temp.resolve("small/adapter_packed.safetensors");
        byte[] good = Files.readAllBytes(file);
        good[good.length - 1] ^= 0x20;
        Files.write(file, good);
        assertThatThrownBy(this::info)
                .isInstanceOf(InputException.class)
                .hasMessageMatching(".*adapter_packed.safetensors: checksum; found [0-9a-f]{8}; allowed [0-9a-f]{8},"
                        + " that of the adapter when it was written");
        good[good.length - 1] ^= 0x20;

        patched(file, good, "\"cpet_codec_version\":\"2\"", "\"cpet_codec_version\":\"7\"");
        assertThatThrownBy(this::info)
                .isInstanceOf(InputException.class)
                .hasMessage(file + ": version of compeft; found 7; allowed 1 to 2, for a later release wrote it");
        patched(file, good, "query.lora_A.weight 4x36", "query.lora_A.weight 9x99");
        assertThatThrownBy(this::info)
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith(file + ": checksum; found ");
        patched(file, good, "\"cpet_codec\":\"compeft\"", "\"cpet_codec\":\"compact\"");
        assertThatThrownBy(this::info)
                .isInstanceOf(CpetException.class)
                .hasMessageContaining("no adapter codec named 'compact'");
    }

    /** A directory as the first version wrote it: bit sets, one scale, no checksum. */
    @Test
    void aDirectoryOfTheFirstVersionIsDecompressed() throws IOException {
        Path old = Files.createDirectories(temp.resolve("old"));
        Files.writeString(
                old.resolve("adapter_config.json"),
                "{\"peft_type\": \"LORA\", \"r\": 1, \"lora_alpha\": 1, \"target_modules\": [\"query\"]}");
        String name = "base_model.model.query.lora_A.weight";
        Map<String, String> metadata = Map.of(
                "cpet_codec", "compeft",
                "cpet_codec_version", "1",
                "cpet_initial", "0.0",
                "cpet_tensors", name + " 1x10",
                "packed.density", "0.3",
                "packed.alpha", "2.0",
                "packed.kept", "3",
                "packed.sigma", "0.25");
        List<PlainTensor> streams = List.of(
                PlainTensor.of("packed.negative", new byte[] {0x42, 0}),
                PlainTensor.of("packed.positive", new byte[] {8, 0}));
        try (FileChannel channel = FileChannel.open(
                old.resolve("adapter_packed.safetensors"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            SafetensorsWriter.writePlain(channel, streams, metadata);
        }
        decompress("old", "dense", Optional.empty());

        assertThat(weights("dense").get(name).values()).containsExactly(0, -0.5, 0, 0.5, 0, 0, -0.5, 0, 0, 0);
    }

    @Test
    void adaptersOfOtherTensorsAreNotMerged() {
        Path bert = Shared.path("fixtures/bert_cls/golden/lora");
        Path roberta = Shared.path("fixtures/roberta_cls/golden/lora");

        assertThatThrownBy(() -> merge(List.of(bert, roberta), "ties"))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith(bert + " and " + roberta + " cannot be merged; found base_model.model.roberta.")
                .hasMessageEndingWith(" in the second alone; allowed adapters of the same tensors and settings");
        assertThatThrownBy(() -> merge(List.of(bert, bert), "lorahub"))
                .isInstanceOf(CpetException.class)
                .hasMessage("lorahub measures adapters on rows of data; allowed --recipe, or --model and --data");
    }

    /** Of dense adapters, of compressed ones, and of one of each. */
    @Test
    void sumsAreSums() {
        Path lora = Shared.path("fixtures/bert_cls/golden/lora");
        compress(lora, "small", "density=0.2");
        decompress("small", "dense", Optional.empty());
        merge(List.of(temp.resolve("small"), temp.resolve("dense")), "task_arithmetic");

        Map<String, Tensors.Values> merged = weights("merged");
        Map<String, Tensors.Values> dense = weights("dense");
        dense.forEach((name, values) -> {
            for (int i = 0; i < values.values().length; i++) {
                double factor = name.contains("lora_") ? 2 : 1;
                assertThat(merged.get(name).values()[i]).isEqualTo(factor * values.values()[i]);
            }
        });
    }

    private Path adapterWithRecovery() throws IOException {
        Path adapter = Files.createDirectories(temp.resolve("adapter"));
        Path lora = Shared.path("fixtures/bert_cls/golden/lora");
        for (String name : List.of("adapter_config.json", "adapter_model.safetensors")) {
            Files.copy(lora.resolve(name), adapter.resolve(name));
        }
        Files.copy(
                Shared.path("fixtures/bert_cls/golden/cpet/recovery.safetensors"),
                adapter.resolve("recovery.safetensors"));
        Files.writeString(adapter.resolve("recovery_config.json"), "{\"type\":\"bottleneck\"}");
        return adapter;
    }

    private static void patched(Path file, byte[] good, String from, String to) throws IOException {
        String text = new String(good, StandardCharsets.ISO_8859_1);
        assertThat(text).contains(from);
        Files.write(file, text.replace(from, to).getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void refused(Runnable command, String message) {
        assertThatThrownBy(command::run)
                .isInstanceOfSatisfying(
                        CpetException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.RUN_DIRECTORY))
                .hasMessage(message);
    }

    private Map<String, Object> compress(Path adapter, String output, String... settings) {
        return compress(adapter, Optional.empty(), output, settings);
    }

    private Map<String, Object> compress(Path adapter, Optional<Path> initial, String output, String... settings) {
        return work.compress(
                new AdapterWork.Paths(adapter, initial, temp.resolve(output), false),
                Methods.codec(catalog, "compeft", new ArrayList<>(List.of(settings))),
                Optional.empty());
    }

    private void decompress(String from, String to, Optional<Path> initial) {
        work.decompress(new AdapterWork.Paths(temp.resolve(from), initial, temp.resolve(to), false));
    }

    private void merge(List<Path> adapters, String method) {
        work.merge(
                adapters,
                new AdapterWork.Paths(adapters.get(0), Optional.empty(), temp.resolve("merged"), false),
                Methods.merger(catalog, method, List.of()),
                Optional.empty());
    }

    private void info() {
        work.info(temp.resolve("small"), Optional.empty(), Optional.empty());
    }

    private Map<String, Tensors.Values> weights(String directory) {
        return Tensors.read(temp.resolve(directory).resolve("adapter_model.safetensors"));
    }

    private byte[] stream(String directory) {
        return StoredValues.bytes(SafetensorsFile.open(temp.resolve(directory).resolve("adapter_packed.safetensors"))
                .tensor("packed.gaps"));
    }
}
