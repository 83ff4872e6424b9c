package org.cpet.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.cpet.it.support.ToyTask;
import org.cpet.runtime.AdaptedModel;
import org.cpet.runtime.Cancellation;
import org.cpet.runtime.Cpet;
import org.cpet.runtime.Recipe;
import org.cpet.runtime.RunRequest;
import org.cpet.runtime.RunResult;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.event.RunEvent;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole of a run through the API that a host program sees, on a tiny BERT. */
class HostProgramTest {
    @TempDir
    static Path folder;

    private static ToyTask task;

    @BeforeAll
    static void writeTask() {
        task = ToyTask.write(folder);
    }

    @Test
    void fiveRowsAreMeasuredAndTheAdaptedModelAnswers() throws IOException {
        try (Cpet cpet = open().build()) {
            Recipe longer = recipe().with("teacher.training.epochs", 10).with("training.epochs", 10);
            RunResult result = cpet.run(RunRequest.of(longer).to(folder.resolve("five")));
            assertThat(result.rows())
                    .extracting(RunResult.Row::paradigm)
                    .containsExactly("teacher", "compressed", "compressed_pet", "inherited", "cpet");
            assertThat(result.row("teacher").metrics().get("accuracy")).isGreaterThan(0.75);
            assertThat(result.row("cpet").metrics().get("accuracy"))
                    .isGreaterThan(result.row("compressed").metrics().get("accuracy"));
            assertThat(result.row("compressed").trainableParameters()).isZero();
            assertThat(result.row("compressed").modelBytes())
                    .isLessThan(result.row("teacher").modelBytes());
            assertThat(Files.readString(result.directory().resolve("adapter/adapter_config.json")))
                    .contains("\"peft_type\" : \"LORA\"");
            assertThat(result.directory().resolve("adapter/recovery.safetensors"))
                    .exists();
            assertThat(result.directory().resolve("report.html")).isNotEmptyFile();
            assertThat(result.failedGates()).isEmpty();
            try (AdaptedModel model = cpet.load(result.directory(), "cpet")) {
                assertThat(model.labels()).containsExactly("bad", "good");
                assertThat(model.predict(List.of("w0 w3 w6 w9", "w1 w4 w7")))
                        .extracting(AdaptedModel.Prediction::label)
                        .containsExactly("good", "bad");
                assertThat(model.evaluate(task.data().resolve("test.jsonl")).metrics())
                        .isEqualTo(result.row("cpet").metrics());
            }
        }
    }

    @Test
    void aCancelledRunContinuesToTheSameBytes() {
        try (Cpet straight = open().build()) {
            straight.run(RunRequest.of(recipe()).to(folder.resolve("straight")));
        }
        for (int stop : List.of(7, 25, 51)) {
            Cancellation cancellation = new Cancellation();
            int[] steps = {0};
            try (Cpet stopped = open().listener(event -> {
                        if (event instanceof RunEvent.StepCompleted && ++steps[0] == stop) {
                            cancellation.cancel();
                        }
                    })
                    .build()) {
                Path directory = folder.resolve("stopped-" + stop);
                RunRequest request = RunRequest.of(recipe()).to(directory).stoppedBy(cancellation);
                assertThatThrownBy(() -> stopped.run(request))
                        .isInstanceOf(CpetException.class)
                        .extracting(thrown -> ((CpetException) thrown).exitCode())
                        .isEqualTo(ExitCode.INTERRUPTED);
                stopped.run(RunRequest.of(recipe()).to(directory).existing(RunRequest.Existing.RESUME));
                assertThat(adapters(directory)).isEqualTo(adapters(folder.resolve("straight")));
                assertThat(losses(directory)).isEqualTo(losses(folder.resolve("straight")));
            }
        }
    }

    @Test
    void aBaseInBfloat16IsTrainedWithFloat32Masters() {
        try (Cpet cpet = open().build()) {
            Recipe narrow = recipe().with("model.dtype", "bfloat16").with("compression=[int8: {}]");
            RunResult result = cpet.run(RunRequest.of(narrow).to(folder.resolve("narrow")));
            assertThat(result.rows()).hasSize(5);
        }
    }

    @Test
    void fullTrainingWritesAModelThatOpensLikeAnyOther() {
        Map<String, Object> sections = new LinkedHashMap<>(task.recipe());
        List.of("compression", "inheritance", "recovery", "distillation", "training")
                .forEach(sections::remove);
        sections.put("pet", Map.of("type", "full"));
        sections.put("export", Map.of("model", "safetensors"));
        try (Cpet cpet = open().build()) {
            Recipe whole = Recipe.objects(sections, folder).with("model.init", "random");
            RunResult trained = cpet.run(RunRequest.of(whole).to(folder.resolve("whole")));
            assertThat(trained.rows()).extracting(RunResult.Row::paradigm).containsExactly("teacher");
            // the exported model, as it is, is what was trained: int8 changes it little
            Recipe next = recipe().with("model.path", folder.resolve("whole/model"))
                    .with("compression=[int8: {}]")
                    .with("evaluation.compare", List.of("compressed"));
            RunResult compressed = cpet.run(RunRequest.of(next).to(folder.resolve("next")));
            assertThat(compressed.row("compressed").metrics().get("accuracy"))
                    .isCloseTo(trained.row("teacher").metrics().get("accuracy"), within(0.03));
        }
    }

    @Test
    void aContinuedRunNoticesThatItsDataHasChanged() throws IOException {
        Cancellation cancellation = new Cancellation();
        Path data = folder.resolve("moving");
        Files.createDirectories(data);
        Files.copy(task.data().resolve("train.jsonl"), data.resolve("train.jsonl"));
        Files.copy(task.data().resolve("test.jsonl"), data.resolve("test.jsonl"));
        try (Cpet cpet = open().listener(event -> {
                    if (event instanceof RunEvent.StepCompleted) {
                        cancellation.cancel();
                    }
                })
                .build()) {
            RunRequest request = RunRequest.of(recipe().with("data.path", data)).to(folder.resolve("moved"));
            assertThatThrownBy(() -> cpet.run(request.stoppedBy(cancellation))).hasMessageContaining("interrupted");
            Files.writeString(data.resolve("test.jsonl"), Files.readString(data.resolve("test.jsonl")) + "\n");
            assertThatThrownBy(() -> cpet.run(request))
                    .isInstanceOf(CpetException.class)
                    .hasMessageStartingWith("data file " + data.resolve("test.jsonl") + " has changed since "
                            + folder.resolve("moved") + " began; found ")
                    .extracting(thrown -> ((CpetException) thrown).exitCode())
                    .isEqualTo(ExitCode.INPUT);
        }
    }

    @Test
    void runsLeaveNoMemoryBehind() throws IOException {
        Recipe tiny = recipe().with("teacher.training={learning_rate: 1e-3, max_steps: 2, batch_size: 8}")
                .with("training={learning_rate: 1e-3, max_steps: 2, batch_size: 8}");
        long settled = 0;
        for (int cycle = 0; cycle < 20; cycle++) {
            try (Cpet cpet = open().build()) {
                cpet.run(RunRequest.of(tiny).to(folder.resolve("cycle-" + cycle)));
            }
            System.gc();
            if (cycle == 9) {
                settled = residentBytes();
            }
        }
        // it moves up and down by 12 MiB from cycle to cycle and was 331 MiB after ten, 338 after twenty
        assertThat(residentBytes() - settled).isLessThan(30L << 20);
    }

    private static long residentBytes() throws IOException {
        Path status = Path.of("/proc/self/statm");
        assumeThat(status).as("resident memory is read from /proc").exists();
        return 4096 * Long.parseLong(Files.readString(status).split(" ")[1]);
    }

    /** One thread: on a busy machine, threads that wait for each other cost more than tensors this small. */
    private static Cpet.Builder open() {
        return Cpet.builder().device("cpu").threads(1);
    }

    private static Recipe recipe() {
        return Recipe.objects(task.recipe(), folder);
    }

    /** Every tensor file of a run, by name. */
    private static Map<String, List<Byte>> adapters(Path run) {
        Map<String, List<Byte>> files = new TreeMap<>();
        try (Stream<Path> found = Files.walk(run)) {
            found.filter(file -> file.toString().endsWith(".safetensors"))
                    .forEach(file -> files.put(run.relativize(file).toString(), bytes(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    private static List<Byte> bytes(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            return java.util.stream.IntStream.range(0, bytes.length)
                    .mapToObj(i -> bytes[i])
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The lines of metrics.jsonl without the times. */
    private static List<String> losses(Path run) {
        try {
            return Files.readAllLines(run.resolve("metrics.jsonl")).stream()
                    .map(line -> line.replaceAll(",\"seconds\":[^,}]*", ""))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
