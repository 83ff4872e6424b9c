package org.cpet.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cpet.it.support.CpetProcess;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The quickstart, three seeds: what compression costs, and that inheriting and recovering bring it back. */
class QuickstartIT {
    private static final List<String> SEEDS = List.of("1", "2", "3");
    private static final Duration LIMIT = Duration.ofMinutes(3);

    @TempDir
    static Path folder;

    private static final Map<String, JsonNode> RESULTS = new HashMap<>();

    @BeforeAll
    static void runThreeSeeds() {
        for (String seed : SEEDS) {
            long start = System.nanoTime();
            CpetProcess run = quickstart("seed-" + seed, "seed=" + seed);

            assertThat(run.exitCode()).as(run.toString()).isZero();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LIMIT);
            RESULTS.put(seed, run.json());
        }
        System.out.printf(
                "quickstart: teacher %.4f, compressed %.4f, compressed + PET %.4f, inherited %.4f, CPET %.4f%n",
                mean("teacher"), mean("compressed"), mean("compressed_pet"), mean("inherited"), mean("cpet"));
    }

    @Test
    void compressionCostsThreePoints() {
        assertThat(mean("compressed_pet")).isLessThanOrEqualTo(mean("teacher") - 0.03);
    }

    @Test
    void cpetEndsWithinAPointOfTheTeacherAndTwoAboveAFreshPet() {
        assertThat(mean("cpet"))
                .isGreaterThanOrEqualTo(mean("teacher") - 0.01)
                .isGreaterThanOrEqualTo(mean("compressed_pet") + 0.02);
    }

    @Test
    void whatTheTeacherKnowsComesFromPretraining() {
        double random = SEEDS.stream()
                .mapToDouble(seed -> accuracy(
                        quickstart(
                                        "random-" + seed,
                                        "seed=" + seed,
                                        "model.init=random",
                                        "evaluation.compare=[teacher]")
                                .json(),
                        "teacher"))
                .average()
                .orElseThrow();

        assertThat(random).isLessThanOrEqualTo(mean("teacher") - 0.10);
    }

    @Test
    void everyRowIsMeasured() {
        RESULTS.values().forEach(result -> {
            assertThat(result.get("rows")
                            .valueStream()
                            .map(row -> row.get("paradigm").asString()))
                    .containsExactly("teacher", "compressed", "compressed_pet", "inherited", "cpet");
            assertThat(result.get("rows")).allSatisfy(row -> {
                assertThat(row.get("model_bytes").asLong()).isPositive();
                assertThat(row.get("latency_ms").asDouble()).isPositive();
                assertThat(row.get("trainable_parameters").asLong() > 0)
                        .isEqualTo(!row.get("paradigm").asString().equals("compressed"));
            });
            assertThat(row(result, "cpet").get("model_bytes").asLong())
                    .isLessThan(row(result, "teacher").get("model_bytes").asLong() / 8);
        });
    }

    @Test
    void theReportShowsTableAndCurves() throws IOException {
        String report = Files.readString(folder.resolve("seed-1/report.html"));

        assertThat(report)
                .contains("<td>teacher</td>", "<td>compressed + PET</td>", "<td>CPET</td>")
                .contains("Convergence: accuracy on the validation rows", "Convergence: training loss")
                .contains("<polyline points=")
                .containsPattern(
                        "A layer \\[\\d+, \\d+\\] held as int8, one product of 1 row: [0-9.]+ ms; dense in float32 ")
                .doesNotContain("<script", "http");
    }

    private static CpetProcess quickstart(String output, String... settings) {
        String[] arguments = new String[5 + 2 * settings.length];
        arguments[0] = "run";
        arguments[1] = CpetProcess.ROOT.resolve("recipes/quickstart.yaml").toString();
        arguments[2] = "--output";
        arguments[3] = folder.resolve(output).toString();
        arguments[4] = "--json";
        for (int i = 0; i < settings.length; i++) {
            arguments[5 + 2 * i] = "--set";
            arguments[6 + 2 * i] = settings[i];
        }
        return CpetProcess.run(folder, arguments);
    }

    private static double mean(String paradigm) {
        return RESULTS.values().stream()
                .mapToDouble(result -> accuracy(result, paradigm))
                .average()
                .orElseThrow();
    }

    private static double accuracy(JsonNode result, String paradigm) {
        return row(result, paradigm).get("metrics").get("accuracy").asDouble();
    }

    private static JsonNode row(JsonNode result, String paradigm) {
        return result.get("rows")
                .valueStream()
                .filter(row -> row.get("paradigm").asString().equals(paradigm))
                .findFirst()
                .orElseThrow();
    }
}
