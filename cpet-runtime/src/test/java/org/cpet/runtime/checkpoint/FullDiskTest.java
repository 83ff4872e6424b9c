package org.cpet.runtime.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.cpet.runtime.checkpoint.RunDirectory.Mode;
import org.cpet.runtime.engine.DeviceChoice;
import org.cpet.runtime.engine.EngineSession;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FullDiskTest {
    private static final int STEPS = 3;

    @TempDir
    Path temp;

    private long acknowledged;
    private boolean stageAcknowledged;

    /** The disk fills up at every operation in turn; what was acknowledged is there, and the run can be continued. */
    @Test
    void whateverFailsNothingAcknowledgedIsLost() throws Exception {
        try (EngineSession session = EngineSession.open(DeviceChoice.parse("cpu"), 1)) {
            int operation = 1;
            boolean failed = true;
            for (; failed; operation++) {
                Path run = temp.resolve("run-" + operation);
                FailingFiles files = new FailingFiles(operation);
                acknowledged = 0;
                stageAcknowledged = false;
                try {
                    play(run, files, session);
                    failed = files.hasFailed();
                } catch (CpetException e) {
                    assertThat(e.exitCode()).isIn(ExitCode.DISK, ExitCode.RUN_DIRECTORY);
                    assertThat(e.getMessage()).contains("No space left on device");
                }
                check(run, operation, session);
            }
            assertThat(operation).isGreaterThan(60); // the scenario has operations to fail at
        }
    }

    private void check(Path run, int operation, EngineSession session) throws Exception {
        if (Files.exists(run.resolve("result.json"))) {
            return;
        }
        try (RunDirectory directory = open(run, new NioRunFiles())) {
            boolean stage = directory.stages().find("toy").isPresent();
            assertThat(stage || !stageAcknowledged)
                    .as("stage at operation %d", operation)
                    .isTrue();
            Optional<StageCheckpoints.Saved> latest =
                    directory.checkpoints("toy", session, notice -> {}).latest();
            if (!stage) {
                assertThat(latest.map(saved -> saved.progress().step()).orElse(0L))
                        .as("checkpoint at operation %d", operation)
                        .isGreaterThanOrEqualTo(acknowledged);
            }
        }
        play(run, new NioRunFiles(), session);
        assertThat(Files.readString(run.resolve("metrics.jsonl"))).isEqualTo(lines());
        assertThat(run.resolve("adapter/weights")).hasContent("weights");
        assertThat(run.resolve("result.json")).exists();
    }

    private void play(Path run, RunFiles files, EngineSession session) {
        try (RunDirectory directory = open(run, files);
                NDArray weights = session.manager().create(new float[] {1, 2, 3})) {
            if (directory.stages().find("toy").isEmpty()) {
                StageCheckpoints checkpoints = directory.checkpoints("toy", session, notice -> {});
                long step = checkpoints
                        .latest()
                        .map(saved -> saved.progress().step())
                        .orElse(0L);
                while (step < STEPS) {
                    step++;
                    directory.metrics().append(Json.object().put("step", step));
                    checkpoints.save(new Progress(step, 0, 0, 0, 0, Optional.empty()), Map.of("w", weights));
                    acknowledged = step;
                }
                directory.stages().add("toy", Json.object(), Map.of("weights", Contents.text("weights")));
                stageAcknowledged = true;
            }
            directory.publishAdapter("toy");
            directory.finish(Json.object().put("name", "toy"));
        }
    }

    private static RunDirectory open(Path run, RunFiles files) {
        return RunDirectory.open(run, "name: toy\n", Mode.CONTINUE, files, InstantSource.system());
    }

    private static String lines() {
        StringBuilder lines = new StringBuilder();
        for (int step = 1; step <= STEPS; step++) {
            lines.append("{\"step\":").append(step).append("}\n");
        }
        return lines.toString();
    }
}
