package org.cpet.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cpet.it.support.CpetProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code cpet bench} on small shapes. Times are worth nothing on a shared machine, so what is held are ratios of
 * medians within one test, with bounds that only a lost optimisation crosses: each is about twice what is measured on an
 * idle machine.
 */
class BenchIT {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String SHAPES =
            CpetProcess.ROOT.resolve("integration-tests/bench/small.json").toString();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"bert", "t5", "llama"})
    void trainingStepsKeepTheirRatios(String workload) {
        JsonNode lora = bench(workload, "train_lora");
        JsonNode cached = bench(workload, "train_cpet_cached");
        JsonNode computed = bench(workload, "train_cpet");
        JsonNode full = bench(workload, "train_full");
        JsonNode infer = bench(workload, "infer");

        assertThat(ratio(cached, lora)).as("CPET beside LoRA").isLessThan(3.0);
        assertThat(ratio(cached, computed))
                .as("a cached teacher beside a computed one")
                .isLessThan(1.5);
        assertThat(ratio(lora, full)).as("LoRA beside all parameters").isLessThan(1.6);
        assertThat(ratio(lora, infer)).as("a LoRA step beside a forward pass").isLessThan(7.0);
        assertThat(List.of(lora, cached, computed, full)).allSatisfy(line -> {
            assertThat(line.path("value_last").asDouble()).isFinite().isPositive();
            assertThat(line.path("trainable_params").asLong()).isPositive();
            assertThat(line.path("model_gflop_per_step").asDouble()).isPositive();
            assertThat(line.path("peak_rss_mib").asDouble()).isPositive();
        });
    }

    @Test
    void littleMemoryComputesTheSame() {
        JsonNode fast = bench("llama", "train_cpet_cached");
        JsonNode low = bench("llama", "train_cpet_cached", "--memory", "low");

        double difference =
                low.path("value_last").asDouble() - fast.path("value_last").asDouble();
        // eight steps apart from one order of summation; losses are near 8
        assertThat(Math.abs(difference)).isLessThan(1e-3);
    }

    /** As the launcher starts it: the plan counts the gaps of a heap that keeps what a step frees. */
    @ParameterizedTest
    @ValueSource(strings = {"train_lora", "train_cpet_cached"})
    void thePeakOfMemoryIsForeseenAndLowTakesLess(String mode) {
        JsonNode fast = asLaunched(mode, "fast");
        JsonNode low = asLaunched(mode, "low");

        for (JsonNode line : List.of(fast, low)) {
            double measured = line.path("peak_rss_mib").asDouble();
            // what plan promises; 2 % to 14 % were measured
            assertThat(line.path("predicted_peak_mib").asDouble())
                    .as("%s beside %s MiB", mode, measured)
                    .isBetween(0.8 * measured, 1.2 * measured);
        }
        // 0.78 and 0.68 were measured; half of the process is libtorch and the JVM
        assertThat(low.path("peak_rss_mib").asDouble())
                .isLessThan(0.9 * fast.path("peak_rss_mib").asDouble());
    }

    private JsonNode asLaunched(String mode, String memory) {
        Map<String, String> environment = Map.of(
                "GLIBC_TUNABLES",
                "glibc.malloc.arena_max=1:glibc.malloc.mmap_threshold=4294967296"
                        + ":glibc.malloc.trim_threshold=17179869184",
                "JAVA_TOOL_OPTIONS",
                "-Xmn32m -XX:TieredStopAtLevel=1");
        CpetProcess done = CpetProcess.run(
                folder,
                environment,
                List.of(),
                "bench",
                "--workloads",
                SHAPES,
                "--workload",
                "wide",
                "--mode",
                mode,
                "--memory",
                memory,
                "--steps",
                "2",
                "--json");
        assertThat(done.exitCode()).as(done.err()).isZero();
        return JSON.readTree(done.out());
    }

    @Test
    void generationAndCompressedInferenceAnswer() {
        for (String mode : List.of("infer_int8", "infer_half_ffn_heads", "generate", "generate_int8")) {
            JsonNode line = bench("llama", mode);

            assertThat(line.path("mode").asString()).isEqualTo(mode);
            assertThat(line.path("steps").asInt()).isEqualTo(8);
            assertThat(line.path("median_ms").asDouble()).isPositive();
        }
    }

    @Test
    void openingADirectoryIsTimedToo() {
        String backbone =
                CpetProcess.ROOT.resolve("recipes/quickstart/backbone").toString();

        CpetProcess done = CpetProcess.run(folder, "bench", "--load", backbone, "--json");

        assertThat(done.exitCode()).as(done.err()).isZero();
        JsonNode line = JSON.readTree(done.out());
        assertThat(line.path("bytes").asLong()).isGreaterThan(1_000_000);
        assertThat(line.path("touched_s").asDouble())
                .isGreaterThanOrEqualTo(line.path("load_s").asDouble());
    }

    @Test
    void aWrongModeIsNamedWithTheNearest() {
        CpetProcess done =
                CpetProcess.run(folder, "bench", "--workloads", SHAPES, "--workload", "bert", "--mode", "train_lore");

        assertThat(done.exitCode()).isEqualTo(2);
        assertThat(done.err())
                .contains("--mode; found train_lore; allowed train_lora, ")
                .contains("train_lora");
    }

    private JsonNode bench(String workload, String mode, String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("bench", "--workloads", SHAPES, "--workload", workload, "--mode", mode, "--json"));
        arguments.addAll(List.of(more));
        CpetProcess done = CpetProcess.run(folder, arguments.toArray(String[]::new));
        assertThat(done.exitCode()).as(done.err()).isZero();
        return JSON.readTree(done.out());
    }

    private static double ratio(JsonNode one, JsonNode other) {
        return one.path("median_ms").asDouble() / other.path("median_ms").asDouble();
    }
}
