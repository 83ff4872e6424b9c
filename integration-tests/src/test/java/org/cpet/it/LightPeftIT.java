package org.cpet.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.cpet.it.support.CpetProcess;
import org.cpet.it.support.Tensors;
import org.cpet.it.support.ToyTask;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An adapter of a model that an estimation narrowed, on that model and on the whole one. */
class LightPeftIT {
    /** Float32 sums over other numbers of terms, most of them zeros. */
    private static final double ROUNDING = 1e-5;

    @TempDir
    Path folder;

    /** With a global ranking the layers of the exported model have different widths. */
    @ParameterizedTest
    @ValueSource(strings = {"layer", "global"})
    void onTheWholeModelWithRemovedPartsSilencedAnAdapterGivesTheNarrowedModelsLogits(String ranking)
            throws IOException {
        ToyTask task = ToyTask.write(folder);
        Files.writeString(folder.resolve("recipe.yaml"), """
                name: early
                seed: 7
                model: {path: model, task: seq_cls, device: cpu}
                data: {dataset: jsonl, path: data, fields: {text: text, label: label}, max_length: 16}
                pet: {type: lora, r: 4, target_modules: [query, value, intermediate.dense]}
                estimation: {type: light_peft, steps: 8, modules: 0.34, ranks: 0.5, ffn_ranking: %s}
                training: {learning_rate: 5.0e-3, epochs: 1, batch_size: 16}
                export: {adapter: peft, model: safetensors}
                """.formatted(ranking));
        Path inputs = Tensors.write(
                folder.resolve("in.safetensors"), "input_ids:2x4:2 5 9 3 2 7 3 0, attention_mask:2x4:1 1 1 1 1 1 1 0");

        CpetProcess run = cpet("run", "recipe.yaml", "--output", "run");
        assertThat(run.exitCode()).as(run.toString()).isZero();
        assertMeasuredBeforeAndAfter();
        Map<String, Tensors.Values> narrowed = forward("run/model", inputs, "narrowed");
        Map<String, Tensors.Values> silenced = forward(task.model().toString(), inputs, "silenced", "--as-pruned");

        Tensors.assertClose(narrowed, silenced, ROUNDING, 0);
        CpetProcess spread = cpet(forwarding(task.model().toString(), inputs, "spread"));
        assertThat(spread.exitCode()).as(spread.toString()).isZero();
        assertThat(spread.err()).contains("it computes another function unless these are silenced (--as-pruned)");
        assertThat(Tensors.read(folder.resolve("spread.safetensors"))
                        .get("logits")
                        .values())
                .isNotEqualTo(narrowed.get("logits").values());
        assertThat(Files.readString(folder.resolve("run/adapter/adapter_config.json")))
                .contains("rank_pattern");
    }

    private Map<String, Tensors.Values> forward(String model, Path inputs, String name, String... more) {
        CpetProcess done = cpet(forwarding(model, inputs, name, more));
        assertThat(done.exitCode()).as(done.toString()).isZero();
        return Tensors.read(folder.resolve(name + ".safetensors"));
    }

    private static String[] forwarding(String model, Path inputs, String name, String... more) {
        return Stream.concat(
                        Stream.of(
                                "forward",
                                "--model",
                                model,
                                "--adapter",
                                "run/adapter",
                                "--inputs",
                                inputs.toString(),
                                "--outputs",
                                name + ".safetensors"),
                        Stream.of(more))
                .toArray(String[]::new);
    }

    private CpetProcess cpet(String... arguments) {
        return CpetProcess.run(folder, arguments);
    }

    private void assertMeasuredBeforeAndAfter() throws IOException {
        JsonNode stages = JsonMapper.shared()
                .readTree(Files.readString(folder.resolve("run/result.json")))
                .at("/provenance/stages");
        assertThat(List.of("estimation", "compressed_pet")).allSatisfy(stage -> {
            assertThat(stages.path(stage).path("step_ms").asDouble()).isPositive();
            assertThat(stages.path(stage).path("training_bytes").asLong()).isPositive();
            assertThat(stages.path(stage).at("/latency/mean_ms").asDouble()).isPositive();
        });
        assertThat(Files.readString(folder.resolve("run/report.html")))
                .containsPattern("Before and after what the estimation removed \\(compressed \\+ PET\\): optimizer step"
                        + " .* ms, peak memory .* MB, inference .* ms\\.");
    }
}
