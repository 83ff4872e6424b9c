package org.cpet.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.cpet.it.support.CpetProcess;
import org.cpet.it.support.TinyModel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes, killed and told to end; the same command continues them to the same bytes. */
class ContinuedRunIT {
    @TempDir
    Path folder;

    private Path recipe;

    @BeforeEach
    void write() throws IOException {
        TinyModel.write(folder);
        recipe = Files.writeString(folder.resolve("recipe.yaml"), TinyModel.recipe());
    }

    @Test
    void aKilledRunEndsInTheBytesOfAnUninterruptedOne() throws Exception {
        assertThat(run("straight").exitCode()).isZero();

        for (String checkpoint : List.of("checkpoints/teacher", "checkpoints/cpet")) {
            Process process = start("killed", folder.resolve("killed-err.txt"));
            awaitEntry(process, folder.resolve("killed").resolve(checkpoint));
            process.destroyForcibly().waitFor();
        }
        CpetProcess rest = run("killed");

        assertThat(rest.exitCode()).as(rest.toString()).isZero();
        assertSameAdapters("straight", "killed");
    }

    @Test
    void aKilledEstimationChoosesWhatAnUninterruptedOneChooses() throws Exception {
        Files.writeString(
                recipe, TinyModel.recipe() + "estimation: {type: light_peft, steps: 12, modules: 0.5, ranks: 0.5}\n");
        assertThat(run("straight").exitCode()).isZero();

        Process process = start("killed", folder.resolve("killed-err.txt"));
        awaitEntry(process, folder.resolve("killed/checkpoints/estimation"));
        process.destroyForcibly().waitFor();
        CpetProcess rest = run("killed");

        assertThat(rest.exitCode()).as(rest.toString()).isZero();
        assertThat(Files.readString(folder.resolve("killed/selection.json")))
                .contains("kept_ranks")
                .isEqualTo(Files.readString(folder.resolve("straight/selection.json")));
        assertSameAdapters("straight", "killed");
    }

    @Test
    void aKilledHealingEndsInTheWeightsOfAnUninterruptedOne() throws Exception {
        Files.writeString(recipe, TinyModel.recipe() + """
                healing:
                  max_length: 12
                  training: {learning_rate: 1.0e-2, epochs: 4, batch_size: 16, save_steps: 2}
                """);
        assertThat(run("straight").exitCode()).isZero();

        Process process = start("killed", folder.resolve("killed-err.txt"));
        awaitEntry(process, folder.resolve("killed/checkpoints/healing"));
        process.destroyForcibly().waitFor();
        CpetProcess rest = run("killed");

        assertThat(rest.exitCode()).as(rest.toString()).isZero();
        String weights = "stages/healing/healed.safetensors";
        assertThat(Files.readAllBytes(folder.resolve("killed").resolve(weights)))
                .isEqualTo(Files.readAllBytes(folder.resolve("straight").resolve(weights)));
        assertSameAdapters("straight", "killed");
    }

    @Test
    void aRunToldToEndSavesItsStateAndSays143() throws Exception {
        assertThat(run("straight").exitCode()).isZero();

        Process process = start("ended", folder.resolve("ended-err.txt"));
        awaitEntry(process, folder.resolve("ended/checkpoints/teacher"));
        process.destroy();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        CpetProcess rest = run("ended", "--resume");

        assertThat(process.exitValue()).isEqualTo(143);
        assertThat(Files.readAllLines(folder.resolve("ended-err.txt")))
                .last()
                .asString()
                .startsWith("interrupted in stage teacher")
                .endsWith("the same command continues from there");
        assertThat(rest.exitCode()).as(rest.toString()).isZero();
        assertSameAdapters("straight", "ended");
    }

    @Test
    void aFinishedRunIsNotOverwrittenUnlessAsked() {
        assertThat(run("done").exitCode()).isZero();

        CpetProcess again = run("done");
        CpetProcess overwritten = run("done", "--overwrite");

        assertThat(again.exitCode()).isEqualTo(5);
        assertThat(again.errors()).hasSize(1);
        assertThat(overwritten.exitCode()).isZero();
    }

    @Test
    void overwritingWaitsUntilTheInputsAreGood() throws IOException {
        assertThat(run("kept").exitCode()).isZero();
        byte[] result = Files.readAllBytes(folder.resolve("kept/result.json"));
        Path rows = folder.resolve("train.jsonl");
        Files.writeString(rows, Files.readString(rows) + "{}\n");

        CpetProcess refused = run("kept", "--overwrite");

        assertThat(refused.exitCode()).isEqualTo(3);
        assertThat(Files.readAllBytes(folder.resolve("kept/result.json"))).isEqualTo(result);
        assertThat(folder.resolve("kept/adapter/adapter_model.safetensors")).exists();
    }

    @Test
    void resumeInsistsOnSomethingToContinue() {
        CpetProcess nothing = run("nowhere", "--resume");

        assertThat(nothing.exitCode()).isEqualTo(5);
        assertThat(nothing.errors()).hasSize(1);
    }

    private CpetProcess run(String output, String... more) {
        String[] arguments = Stream.concat(
                        Stream.of(
                                "run",
                                recipe.toString(),
                                "--output",
                                folder.resolve(output).toString()),
                        Stream.of(more))
                .toArray(String[]::new);
        return CpetProcess.run(folder, arguments);
    }

    private Process start(String output, Path err) throws IOException {
        return CpetProcess.start(
                folder,
                Map.of(),
                List.of(),
                folder.resolve("out.txt"),
                err,
                "run",
                recipe.toString(),
                "--output",
                folder.resolve(output).toString());
    }

    /** Waits until a directory holds something, or the process has ended before that. */
    private static void awaitEntry(Process process, Path directory) throws IOException {
        while (process.isAlive()) {
            if (Files.isDirectory(directory)) {
                try (Stream<Path> entries = Files.list(directory)) {
                    if (entries.findAny().isPresent()) {
                        return;
                    }
                }
            }
            Thread.onSpinWait();
        }
    }

    private void assertSameAdapters(String one, String other) throws IOException {
        for (String file : List.of("adapter/adapter_model.safetensors", "adapter/recovery.safetensors")) {
            assertThat(Files.readAllBytes(folder.resolve(other).resolve(file)))
                    .as(file)
                    .isEqualTo(Files.readAllBytes(folder.resolve(one).resolve(file)));
        }
    }
}
