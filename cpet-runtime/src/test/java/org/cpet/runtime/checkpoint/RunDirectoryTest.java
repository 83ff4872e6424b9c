package org.cpet.runtime.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.cpet.runtime.checkpoint.RunDirectory.Mode;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {
    private static final String RECIPE = "name: a\nseed: 1\n";
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-01-02T03:04:05Z"));

    @TempDir
    Path temp;

    @Test
    void anUnfinishedRunOfTheSameRecipeIsContinued() {
        try (RunDirectory run = open(Mode.CONTINUE)) {
            assertThat(run.continued()).isFalse();
            run.stages().add("teacher", Json.object(), Map.of());
        }
        try (RunDirectory run = open(Mode.CONTINUE)) {
            assertThat(run.continued()).isTrue();
        }
    }

    @Test
    void aRunThatKeptNoStateStartsAnew() {
        try (RunDirectory run = open(Mode.CONTINUE)) {
            run.record(RunDirectory.Fact.ORIGIN, "{}");
        }
        refuses(
                () -> open(Mode.RESUME),
                "nothing to continue in " + run()
                        + "; found no checkpoint; allowed a directory that a run left unfinished");
        try (RunDirectory run = open(Mode.CONTINUE)) {
            assertThat(run.continued()).isFalse();
            assertThat(RunDirectory.recorded(run(), RunDirectory.Fact.ORIGIN)).isEmpty();
        }
    }

    @Test
    void resumeNeedsSomethingToContinue() {
        refuses(
                () -> open(Mode.RESUME),
                "nothing to continue in " + run() + "; found no run; allowed a directory that a run left unfinished");
    }

    @Test
    void aFinishedRunIsLeftAlone() {
        finish();
        refuses(
                () -> open(Mode.CONTINUE),
                "run directory " + run() + " is finished; found result.json; allowed another --output, or --overwrite");
        try (RunDirectory run = open(Mode.OVERWRITE)) {
            assertThat(run.continued()).isFalse();
            assertThat(run().resolve("result.json")).doesNotExist();
            assertThat(run().resolve("stages")).doesNotExist();
        }
    }

    @Test
    void anotherRecipesRunIsLeftAlone() {
        open(Mode.CONTINUE).close();
        refuses(
                () -> RunDirectory.open(run(), "name: a\nseed: 2\n", Mode.CONTINUE, new NioRunFiles(), CLOCK),
                "run directory " + run() + " belongs to another recipe; found 'seed: 1' in line 2 of its recipe.yaml,"
                        + " not 'seed: 2'; allowed the same recipe, another --output, or --overwrite");
    }

    @Test
    void whatIsNoRunDirectoryIsNeverOverwritten() throws IOException {
        Files.createDirectories(run());
        Files.writeString(run().resolve("thesis.txt"), "mine");
        refuses(
                () -> open(Mode.OVERWRITE),
                run() + " is not a run directory; found thesis.txt; allowed a new or empty directory");
    }

    @Test
    void aSecondRunInTheSameDirectoryIsRefused() {
        try (RunDirectory first = open(Mode.CONTINUE)) {
            assertThat(first.path()).isEqualTo(run());
            assertThatThrownBy(() -> open(Mode.CONTINUE))
                    .isInstanceOf(CpetException.class)
                    .hasMessageMatching("run directory \\Q" + run() + "\\E is in use; found pid "
                            + ProcessHandle.current().pid()
                            + " on .+ since 2026-01-02T03:04:05Z; allowed one run at a time");
        }
    }

    @Test
    void metricsAreCutBackToTheLastStateThatWasKept() throws IOException {
        try (RunDirectory run = open(Mode.CONTINUE)) {
            run.metrics().append(Json.object().put("step", 1));
            run.stages().add("teacher", Json.object().put("paradigm", "teacher"), Map.of());
            run.metrics().append(Json.object().put("step", 2));
        }
        try (RunDirectory run = open(Mode.CONTINUE)) {
            assertThat(run.stages()
                            .find("teacher")
                            .orElseThrow()
                            .path("paradigm")
                            .asString())
                    .isEqualTo("teacher");
            run.metrics().append(Json.object().put("step", 3));
        }
        assertThat(Files.readString(run().resolve("metrics.jsonl"))).isEqualTo("{\"step\":1}\n{\"step\":3}\n");
    }

    @Test
    void whatADeadRunLeftHalfWrittenIsSwept() throws IOException {
        open(Mode.CONTINUE).close();
        Files.createDirectories(run().resolve(".tmp-adapter"));
        Files.writeString(run().resolve(".tmp-adapter/weights"), "half");
        open(Mode.CONTINUE).close();
        assertThat(run().resolve(".tmp-adapter")).doesNotExist();
    }

    @Test
    void aChangedFileMakesAFinishedStageUndone() throws IOException {
        try (RunDirectory run = open(Mode.CONTINUE)) {
            run.stages().add("teacher", Json.object(), Map.of("weights", Contents.text("1234")));
            assertThat(run.stages().find("teacher")).isPresent();
            Files.writeString(run().resolve("stages/teacher/weights"), "1235");
            assertThat(run.stages().find("teacher")).isEmpty();
        }
    }

    private void finish() {
        try (RunDirectory run = open(Mode.CONTINUE)) {
            run.stages().add("teacher", Json.object(), Map.of());
            run.finish(Json.object().put("name", "a"));
        }
    }

    private Path run() {
        return temp.resolve("run");
    }

    private RunDirectory open(Mode mode) {
        return RunDirectory.open(run(), RECIPE, mode, new NioRunFiles(), CLOCK);
    }

    private static void refuses(ThrowingCallable action, String message) {
        assertThatThrownBy(action)
                .isInstanceOf(CpetException.class)
                .hasMessage(message)
                .extracting(thrown -> ((CpetException) thrown).exitCode())
                .isEqualTo(ExitCode.RUN_DIRECTORY);
    }
}
