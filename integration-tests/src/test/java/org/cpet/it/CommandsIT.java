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
import org.cpet.it.support.TinyModel;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The commands for scripts, on a finished run and on the quickstart's backbone. */
class CommandsIT {
    private static final Path BACKBONE = CpetProcess.ROOT.resolve("recipes/quickstart/backbone");

    @TempDir
    static Path folder;

    private static JsonNode result;

    @BeforeAll
    static void finishARun() throws IOException {
        TinyModel.write(folder);
        Files.writeString(folder.resolve("recipe.yaml"), TinyModel.recipe());
        CpetProcess run = cpet("run", "recipe.yaml", "--output", "run", "--json");
        assertThat(run.exitCode()).as(run.toString()).isZero();
        result = run.json();
    }

    @ParameterizedTest
    @ValueSource(strings = {"teacher", "compressed", "compressed_pet", "inherited", "cpet"})
    void evaluatingTheTestRowsGivesTheTable(String paradigm) {
        CpetProcess evaluate = cpet("evaluate", "run", "--data", "test.jsonl", "--paradigm", paradigm, "--json");

        assertThat(evaluate.exitCode()).as(evaluate.toString()).isZero();
        assertThat(evaluate.json().get("examples").asInt()).isEqualTo(64);
        assertThat(evaluate.json().get("metrics"))
                .isEqualTo(result.get("rows")
                        .valueStream()
                        .filter(row -> row.get("paradigm").asString().equals(paradigm))
                        .findFirst()
                        .orElseThrow()
                        .get("metrics"));
    }

    @Test
    void predictionsOfUnseenRowsAreWrittenALineEach() throws IOException {
        Files.writeString(folder.resolve("unseen.jsonl"), """
                {"text": "scene cast good story", "label": "good"}
                {"text": "scene cast dull", "label": "bad"}
                """);

        CpetProcess evaluate = cpet("evaluate", "run", "--data", "unseen.jsonl", "--predictions", "answers.jsonl");

        assertThat(evaluate.exitCode()).as(evaluate.toString()).isZero();
        List<JsonNode> answers = Files.readAllLines(folder.resolve("answers.jsonl")).stream()
                .map(JsonMapper.shared()::readTree)
                .toList();
        assertThat(answers)
                .hasSize(2)
                .allSatisfy(answer -> assertThat(answer.propertyNames()).contains("line", "expected", "predicted"));
        assertThat(answers.get(1).get("expected").asString()).isEqualTo("bad");
    }

    @Test
    void anUnknownLabelIsNamedWithFileAndLine() throws IOException {
        Files.writeString(folder.resolve("odd.jsonl"), "{\"text\": \"scene cast\", \"label\": \"odd\"}\n");

        CpetProcess evaluate = cpet("evaluate", "run", "--data", "odd.jsonl");

        assertThat(evaluate.exitCode()).isEqualTo(3);
        assertThat(evaluate.errors()).hasSize(1);
        assertThat(evaluate.errors().get(0)).startsWith("odd.jsonl:1: ").contains("odd", "bad", "good");
    }

    @Test
    void aCompressedDirectoryIsAModelLikeAnyOther() throws IOException {
        Files.writeString(folder.resolve("small.yaml"), """
                compression:
                  - structured_pruning: {heads: 0.25, ffn: 0.5, criterion: magnitude}
                  - unstructured_pruning: {pattern: "2:4"}
                """);

        CpetProcess compress = cpet(
                "compress",
                "--model",
                BACKBONE.toString(),
                "--recipe",
                "small.yaml",
                "--output",
                "small",
                "--masks",
                "masks.safetensors",
                "--json");
        CpetProcess again =
                cpet("compress", "--model", BACKBONE.toString(), "--recipe", "small.yaml", "--output", "small");
        CpetProcess inspect = cpet("inspect", "small", "--json");
        CpetProcess generate = cpet("generate", "--model", "small", "--prompt", "what is the weight of mabik ?");

        assertThat(compress.exitCode()).as(compress.toString()).isZero();
        assertThat(compress.json().get("linear_bytes_after").asLong())
                .isLessThan(compress.json().get("linear_bytes_before").asLong());
        JsonNode ledger = compress.json().get("ledger");
        assertThat(ledger.valueStream().map(line -> line.get("after").asString()))
                .containsExactly("original", "structured_pruning", "unstructured_pruning");
        assertThat(ledger.get(1).get("flops").asDouble())
                .isLessThan(ledger.get(0).get("flops").asDouble());
        assertThat(ledger.get(2).get("bytes_on_disk").asLong())
                .isEqualTo(Files.size(folder.resolve("small/model.safetensors")));
        assertThat(Tensors.read(folder.resolve("masks.safetensors")).keySet())
                .isNotEmpty()
                .allSatisfy(name -> assertThat(name).endsWith(".mask"));
        assertThat(again.exitCode()).isEqualTo(5);
        assertThat(again.errors()).containsExactly("small exists; allowed a new directory");
        assertThat(inspect.exitCode()).as(inspect.toString()).isZero();
        assertThat(generate.exitCode()).as(generate.toString()).isZero();
    }

    @Test
    void withDataCompressorsMeasureRowsWeightsAreHealedAndQualityIsTold() throws IOException {
        Files.writeString(folder.resolve("healed.yaml"), """
                name: healed
                model: {path: anywhere, task: seq2seq_lm}
                data: {dataset: creatures, path: ROWS, fields: {text: prompt, label: completion}, max_length: 16}
                compression:
                  - structured_pruning: {heads: 0.5, ffn: 0.5, criterion: activation}
                  - unstructured_pruning: {pattern: "2:4"}
                  - int8: {}
                healing: {training: {learning_rate: 1.0e-3, max_steps: 40, batch_size: 32}}
                evaluation: {metrics: [accuracy], batch_size: 256}
                """.replace(
                        "ROWS", BACKBONE.resolveSibling("weights").toString()));

        CpetProcess compress = cpet(
                "compress", "--model", BACKBONE.toString(), "--recipe", "healed.yaml", "--output", "healed", "--json");

        assertThat(compress.exitCode()).as(compress.toString()).isZero();
        JsonNode ledger = compress.json().get("ledger");
        assertThat(ledger.valueStream().map(line -> line.get("after").asString()))
                .containsExactly("original", "structured_pruning", "unstructured_pruning", "healing", "int8");
        double pruned = ledger.get(2).get("quality").get("accuracy").asDouble();
        double healed = ledger.get(3).get("quality").get("accuracy").asDouble();
        // 64 % and 83 % after a whole epoch; chance is 50 %
        assertThat(healed).isGreaterThan(pruned + 0.05);
    }

    @Test
    void theBackboneKnowsItsFacts() {
        CpetProcess fact =
                cpet("generate", "--model", BACKBONE.toString(), "--prompt", "what is the home of mabik ?", "--json");
        CpetProcess number = cpet("generate", "--model", BACKBONE.toString(), "--prompt", "is two more than nine ?");

        assertThat(fact.json().toString()).containsPattern("river|forest|desert|swamp|meadow|cliff|cave|shore");
        assertThat(number.out().strip()).isEqualTo("no");
    }

    @Test
    void jsonIsOneDocumentOnStandardOutput() {
        String backbone = BACKBONE.toString();
        for (String[] command : new String[][] {
            {"plan", "recipe.yaml", "--json"},
            {"list", "--json"},
            {"list", "pet", "lora", "--json"},
            {"schema"},
            {"inspect", backbone, "--json"},
            {"tokenize", "--model", backbone, "--text", "is two more than nine ?", "--json"},
            {"generate", "--model", backbone, "--prompt", "is two more than nine ?", "--json"},
            {"doctor", "--json"},
        }) {
            CpetProcess done = cpet(command);
            assertThat(done.exitCode()).as(done.toString()).isZero();
            assertThat(done.json().isEmpty()).as(done.toString()).isFalse();
        }
    }

    @Test
    void kernelsAreMeasuredOncePerMachineAndCanBeFixed() throws IOException {
        Map<String, String> cache =
                Map.of("XDG_CACHE_HOME", folder.resolve("cache").toString());
        assertThat(CpetProcess.run(folder, cache, List.of(), "doctor").exitCode())
                .isZero();
        Path measured;
        try (Stream<Path> files = Files.walk(folder.resolve("cache"))) {
            measured = files.filter(Files::isRegularFile).findFirst().orElseThrow();
        }
        Path fixed = Files.writeString(
                folder.resolve("kernels.json"),
                Files.readString(measured)
                        .replaceAll("\"(int8|int8Row)\" : \"[a-z0-9_]+\"", "\"$1\" : \"float32_codes\""));

        CpetProcess run = cpet("run", "recipe.yaml", "--output", "fixed", "--kernels", fixed.toString(), "--json");

        assertThat(run.exitCode()).as(run.toString()).isZero();
        assertThat(run.json().at("/provenance/machine/int8_kernel").asString()).isEqualTo("float32_codes");
        // codes multiplied in float32 are the exact path: deployed and exact logits agree
        assertThat(run.json().at("/provenance/stages/cpet/exact_to_deployed").asDouble())
                .isLessThan(1e-5);
    }

    @Test
    void measuringAgainReplacesWhatWasMeasured() throws IOException {
        Map<String, String> cache =
                Map.of("XDG_CACHE_HOME", folder.resolve("second cache").toString());
        assertThat(CpetProcess.run(folder, cache, List.of(), "doctor").exitCode())
                .isZero();
        Path measured;
        try (Stream<Path> files = Files.walk(folder.resolve("second cache"))) {
            measured = files.filter(Files::isRegularFile).findFirst().orElseThrow();
        }
        String impossible = "\"gflops\" : 123456.5";
        Files.writeString(measured, Files.readString(measured).replaceAll("\"gflops\" : [0-9.E]+", impossible));

        CpetProcess kept = CpetProcess.run(folder, cache, List.of(), "doctor", "--json");
        CpetProcess again = CpetProcess.run(folder, cache, List.of(), "doctor", "--measure", "--json");

        assertThat(kept.out()).contains("123456.5");
        assertThat(again.out()).doesNotContain("123456.5");
        assertThat(Files.readString(measured)).doesNotContain("123456.5").contains("gflops");
        assertThat(again.json().path("cuda").size()).isGreaterThanOrEqualTo(3);
    }

    @Test
    void aPlanForeseesMemoryAndARunSaysWhatItTook() {
        CpetProcess plan = cpet("plan", "recipe.yaml", "--json");
        CpetProcess run = cpet("run", "recipe.yaml", "--output", "measured", "--json");

        assertThat(run.exitCode()).as(run.toString()).isZero();
        assertThat(plan.json().path("stages")).isNotEmpty().allSatisfy(stage -> {
            assertThat(stage.path("memory").asString()).isEqualTo("fast"); // this model fits anywhere
            assertThat(stage.at("/memory_bytes/low/peak").asLong())
                    .isLessThanOrEqualTo(stage.at("/memory_bytes/fast/peak").asLong());
            assertThat(stage.path("padding").asDouble()).isBetween(0.0, 0.9);
            assertThat(run.json()
                            .at("/provenance/stages/" + stage.path("stage").asString())
                            .path("memory")
                            .asString())
                    .isEqualTo("fast");
        });
        for (var stage : run.json().at("/provenance/stages")) {
            if (stage.has("peak_bytes")) {
                assertThat(stage.path("resident_after_bytes").asLong())
                        .as("given back between stages")
                        .isLessThanOrEqualTo(stage.path("peak_bytes").asLong());
            }
        }
    }

    private static CpetProcess cpet(String... arguments) {
        return CpetProcess.run(folder, arguments);
    }
}
