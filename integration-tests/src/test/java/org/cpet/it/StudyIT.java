package org.cpet.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.cpet.it.support.CpetProcess;
import org.cpet.it.support.TinyModel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Studies in real processes: killed and continued, reused, refused. */
class StudyIT {
    private static final String ABLATION = """
            name: tiny-ablation
            recipe: recipe.yaml
            study: ablation
            seeds: [3, 4]
            set: {training.epochs: 1, teacher.training.epochs: 1}
            select: {metric: accuracy}
            """;

    @TempDir
    Path folder;

    @BeforeEach
    void write() throws IOException {
        TinyModel.write(folder);
        Files.writeString(folder.resolve("recipe.yaml"), TinyModel.recipe());
        Files.writeString(folder.resolve("study.yaml"), ABLATION);
    }

    @Test
    void aKilledStudyIsContinuedToTheSameResult() throws Exception {
        CpetProcess straight = study("straight", "--json");
        assertThat(straight.exitCode()).as(straight.toString()).isZero();
        assertThat(straight.json().path("cells")).hasSize(16);
        assertATeacherIsTrainedOnceASeed(straight);

        Process process = CpetProcess.start(
                folder,
                Map.of(),
                List.of(),
                folder.resolve("out.txt"),
                folder.resolve("err.txt"),
                "study",
                "study.yaml",
                "--output",
                folder.resolve("killed").toString());
        awaitResults(process, folder.resolve("killed/cells"), 5);
        process.destroyForcibly().waitFor();
        Map<Path, FileTime> done = results(folder.resolve("killed/cells"));
        CpetProcess rest = study("killed", "--json");

        assertThat(done).hasSizeBetween(5, 15);
        assertThat(rest.exitCode()).as(rest.toString()).isZero();
        assertThat(withoutMeasurements(rest.json())).isEqualTo(withoutMeasurements(straight.json()));
        assertThat(results(folder.resolve("killed/cells")))
                .containsAllEntriesOf(done)
                .hasSize(16);
        assertThat(rest.err().lines().filter(line -> line.endsWith(": reused"))).hasSameSizeAs(done.keySet());
        assertSameAdapters();
    }

    @Test
    void aGridReusesTheCellsOfAnother() throws IOException {
        grid("[2, 4]");
        assertThat(study("grid").exitCode()).isZero();
        grid("[4, 6]");

        CpetProcess other = study("grid");

        assertThat(other.exitCode()).as(other.toString()).isZero();
        assertThat(other.errors()).anyMatch(line -> line.equals("cell 1/2 recovery.r 4, seed 3: reused"));
        assertThat(Files.readString(folder.resolve("grid/report.html"))).contains("recovery.r 6");
    }

    @Test
    void everyProblemIsSaidBeforeAnythingIsRun() throws IOException {
        grid("[0, x]");

        CpetProcess refused = study("refused");

        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.errors())
                .containsExactly(
                        "study.yaml:3:21: recovery.r is out of range; found 0; allowed a whole number of at least 1",
                        "study.yaml:3:24: recovery.r is not a whole number; found x; allowed a whole number of at"
                                + " least 1",
                        "2 problems");
        assertThat(folder.resolve("refused")).doesNotExist();
    }

    private static void assertATeacherIsTrainedOnceASeed(CpetProcess study) {
        assertThat(study.err().lines().filter(line -> line.startsWith("teacher: done")))
                .hasSize(2);
        assertThat(study.err().lines().filter(line -> line.endsWith("taken from other cells: teacher")))
                .hasSize(14);
    }

    private void grid(String ranks) throws IOException {
        Files.writeString(
                folder.resolve("study.yaml"),
                "name: grid\nrecipe: recipe.yaml\ngrid: {recovery.r: " + ranks + "}\nrows: [cpet]\n"
                        + "set: {training.epochs: 1, teacher.training.epochs: 1}\n");
    }

    private CpetProcess study(String output, String... more) {
        return CpetProcess.run(
                folder,
                Stream.concat(
                                Stream.of(
                                        "study",
                                        "study.yaml",
                                        "--output",
                                        folder.resolve(output).toString()),
                                Stream.of(more))
                        .toArray(String[]::new));
    }

    private static void awaitResults(Process process, Path cells, int count) throws IOException {
        while (process.isAlive() && results(cells).size() < count) {
            Thread.onSpinWait();
        }
    }

    /** When each cell was finished. */
    private static Map<Path, FileTime> results(Path cells) throws IOException {
        Map<Path, FileTime> found = new TreeMap<>();
        if (Files.isDirectory(cells)) {
            try (Stream<Path> entries = Files.list(cells)) {
                for (Path cell : entries.toList()) {
                    Path result = cell.resolve("result.json");
                    if (Files.exists(result)) {
                        found.put(result, Files.getLastModifiedTime(result));
                    }
                }
            }
        }
        return found;
    }

    private static JsonNode withoutMeasurements(JsonNode document) {
        JsonNode copy = JsonMapper.shared().readTree(document.toString());
        for (JsonNode line : copy.path("lines")) {
            ((ObjectNode) line).remove(List.of("latency_ms", "latency_calls_ms", "step_ms", "training_bytes"));
        }
        return copy;
    }

    private void assertSameAdapters() throws IOException {
        Path straight = folder.resolve("straight/cells");
        for (Path result : results(straight).keySet()) {
            Path adapter = result.resolveSibling("adapter/adapter_model.safetensors");
            assertThat(Files.readAllBytes(folder.resolve("killed/cells").resolve(straight.relativize(adapter))))
                    .as(adapter.toString())
                    .isEqualTo(Files.readAllBytes(adapter));
        }
    }
}
