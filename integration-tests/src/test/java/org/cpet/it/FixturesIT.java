package org.cpet.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.cpet.it.support.CpetProcess;
import org.cpet.it.support.Shared;
import org.cpet.it.support.Tensors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The reference numbers, through the command line: {@code forward}, {@code trace} and {@code generate}. */
class FixturesIT {
    /** What the reference stack and this runtime may differ by in float32; the fixtures' own bounds are near 1e-5. */
    private static final double TOLERANCE = 1e-4;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bert_cls",
                "roberta_cls",
                "llama_mha_untied",
                "llama_gqa_tied",
                "llama_bf16",
                "llama_fp16",
                "llama_sharded",
                "llama_rope_llama3",
                "t5_v10_relu_tied",
                "t5_v11_gated_untied"
            })
    void logitsLossAndHiddenStates(String model) {
        Path golden = Shared.path("fixtures/" + model + "/golden");
        for (String variant : List.of("", "_len1", "_leftpad")) {
            if (Files.exists(golden.resolve("inputs" + variant + ".safetensors"))) {
                Map<String, Tensors.Values> found = forward(
                        golden.getParent(), golden.resolve("inputs" + variant + ".safetensors"), "--hidden-states");
                Tensors.assertClose(
                        Tensors.read(golden.resolve("outputs" + variant + ".safetensors")), found, TOLERANCE, 0);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bert_cls",
                "roberta_cls",
                "llama_mha_untied",
                "llama_gqa_tied",
                "t5_v10_relu_tied",
                "t5_v11_gated_untied"
            })
    void loraLogitsGradientsAndTenSteps(String model) {
        Path golden = Shared.path("fixtures/" + model + "/golden");
        Path lora = golden.resolve("lora");
        Tensors.assertClose(
                Tensors.read(lora.resolve("outputs.safetensors")),
                forward(golden.getParent(), golden.resolve("inputs.safetensors"), "--adapter", lora.toString()),
                TOLERANCE,
                0);

        Map<String, Tensors.Values> traced =
                trace(golden.getParent(), lora, golden.resolve("inputs.safetensors"), "--steps", "10");
        Tensors.assertClose(Tensors.read(lora.resolve("gradients.safetensors")), traced, 1e-6, TOLERANCE);
        Tensors.assertClose(Tensors.read(lora.resolve("trace_adamw_10.safetensors")), traced, TOLERANCE, 0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bert_cls",
                "roberta_cls",
                "llama_mha_untied",
                "llama_gqa_tied",
                "t5_v10_relu_tied",
                "t5_v11_gated_untied"
            })
    void ia3LogitsAndGradients(String model) {
        Path golden = Shared.path("fixtures/" + model + "/golden");
        for (String adapter : List.of("ia3", "lora2")) {
            Tensors.assertClose(
                    Tensors.read(golden.resolve(adapter).resolve("outputs.safetensors")),
                    forward(
                            golden.getParent(),
                            golden.resolve("inputs.safetensors"),
                            "--adapter",
                            golden.resolve(adapter).toString()),
                    TOLERANCE,
                    0);
        }
        Path ia3 = golden.resolve("ia3");
        Tensors.assertClose(
                Tensors.read(ia3.resolve("gradients.safetensors")),
                trace(golden.getParent(), ia3, golden.resolve("inputs.safetensors")),
                1e-6,
                TOLERANCE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bert_cls",
                "roberta_cls",
                "llama_mha_untied",
                "llama_gqa_tied",
                "t5_v10_relu_tied",
                "t5_v11_gated_untied"
            })
    void virtualTokensLogitsAndGradients(String model) {
        Path golden = Shared.path("fixtures/" + model + "/golden");
        Path inputs = golden.resolve("inputs.safetensors");
        for (String kind : List.of("prefix", "prompt")) {
            Path adapter = golden.resolve(kind);
            Tensors.assertClose(
                    Tensors.read(adapter.resolve("outputs.safetensors")),
                    forward(golden.getParent(), inputs, "--adapter", adapter.toString()),
                    TOLERANCE,
                    0);
            Tensors.assertClose(
                    Tensors.read(adapter.resolve("gradients.safetensors")),
                    trace(golden.getParent(), adapter, inputs),
                    1e-6,
                    TOLERANCE);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bert_cls",
                "roberta_cls",
                "llama_mha_untied",
                "llama_gqa_tied",
                "t5_v10_relu_tied",
                "t5_v11_gated_untied"
            })
    void inheritRecoverAndDistil(String model) throws IOException {
        Path golden = Shared.path("fixtures/" + model + "/golden");
        Path cpet = golden.resolve("cpet");
        Path compression = Files.writeString(folder.resolve("int8.yaml"), "compression:\n  - int8: {}\n");
        Map<String, Tensors.Values> traced = trace(
                golden.getParent(),
                golden.resolve("lora"),
                cpet.resolve("inputs.safetensors"),
                "--compression",
                compression.toString(),
                "--recovery",
                cpet.resolve("recovery.safetensors").toString(),
                "--recovery-alpha",
                "8",
                "--alpha",
                "0.05",
                "--steps",
                "5");

        Map<String, Tensors.Values> expected = Tensors.read(cpet.resolve("outputs.safetensors"));
        expected.keySet().removeIf(name -> name.contains("eq5") || name.equals("total_alpha_1"));
        Tensors.assertClose(expected, traced, TOLERANCE, 0);
        Tensors.assertClose(Tensors.read(cpet.resolve("gradients_alpha_0.05.safetensors")), traced, 1e-6, TOLERANCE);
        Tensors.assertClose(Tensors.read(cpet.resolve("trace_adamw_5.safetensors")), traced, TOLERANCE, 0);
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
    void prunedDirectoriesLoad(String model) throws IOException {
        Path golden = Shared.path("fixtures/" + model + "/golden");
        try (Stream<Path> folders = Files.list(golden.resolve("compress"))) {
            for (Path pruned : folders.filter(
                            one -> one.getFileName().toString().startsWith("structured"))
                    .toList()) {
                Path directory = pruned.resolve("pruned_model");
                Path inputs = golden.resolve("inputs.safetensors");
                Tensors.assertClose(
                        Tensors.read(pruned.resolve("outputs.safetensors")), forward(directory, inputs), TOLERANCE, 0);
                Tensors.assertClose(
                        Tensors.read(pruned.resolve("outputs_lora_sliced.safetensors")),
                        forward(
                                directory,
                                inputs,
                                "--adapter",
                                pruned.resolve("lora_sliced").toString()),
                        TOLERANCE,
                        0);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bert_cls",
                "roberta_cls",
                "llama_mha_untied",
                "llama_gqa_tied",
                "t5_v10_relu_tied",
                "t5_v11_gated_untied"
            })
    void compressedAndMergedAdapters(String model) {
        Path golden = Shared.path("fixtures/" + model + "/golden");
        Map<String, Tensors.Values> expected = Tensors.read(golden.resolve("compeft/outputs.safetensors"));
        adapter("compress", "small", "--adapter", golden.resolve("lora").toString(), "--density", "0.2");
        adapter("compress", "other", "--adapter", golden.resolve("lora2").toString(), "--density", "0.2");
        adapter("decompress", "dense", "--adapter", "small");
        adapter("merge", "merged", "--adapter", "small", "--adapter", "other", "--method", "ties");

        Map.of("small", "k20_alpha_1", "dense", "k20_alpha_1", "merged", "ties_k20")
                .forEach((directory, name) -> Tensors.assertClose(
                        Map.of("logits", expected.get("logits." + name)),
                        forward(golden.getParent(), golden.resolve("inputs.safetensors"), "--adapter", directory),
                        TOLERANCE,
                        0));
    }

    private void adapter(String command, String output, String... more) {
        List<String> arguments = new ArrayList<>(List.of("adapter", command, "--output", output));
        arguments.addAll(List.of(more));
        CpetProcess process = CpetProcess.run(folder, arguments.toArray(String[]::new));
        assertThat(process.exitCode()).as(process.toString()).isZero();
    }

    private Map<String, Tensors.Values> forward(Path model, Path inputs, String... more) {
        return call("forward", model, inputs, more);
    }

    private Map<String, Tensors.Values> trace(Path model, Path adapter, Path inputs, String... more) {
        List<String> all = new ArrayList<>(
                List.of("--adapter", adapter.toString(), "--learning-rate", "1e-3", "--weight-decay", "1e-2"));
        all.addAll(List.of(more));
        return call("trace", model, inputs, all.toArray(String[]::new));
    }

    private Map<String, Tensors.Values> call(String command, Path model, Path inputs, String... more) {
        Path outputs = folder.resolve("out.safetensors");
        List<String> arguments = new ArrayList<>(List.of(
                command, "--model", model.toString(), "--inputs", inputs.toString(), "--outputs", outputs.toString()));
        arguments.addAll(List.of(more));
        CpetProcess process = CpetProcess.run(folder, arguments.toArray(String[]::new));
        assertThat(process.exitCode()).as(process.toString()).isZero();
        return Tensors.read(outputs);
    }
}
