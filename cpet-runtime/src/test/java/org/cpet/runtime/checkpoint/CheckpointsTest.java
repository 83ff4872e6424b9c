package org.cpet.runtime.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cpet.runtime.checkpoint.RunDirectory.Mode;
import org.cpet.runtime.engine.DeviceChoice;
import org.cpet.runtime.engine.EngineSession;
import org.cpet.spi.CpetException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointsTest {
    @TempDir
    Path temp;

    private final List<String> notices = new ArrayList<>();

    @Test
    void theNewestStateComesBackAsItWas() {
        Progress.Best best = new Progress.Best(2, 0.5, Map.of("accuracy", 0.75), Double.NaN);
        Progress progress = new Progress(3, 120, 1.5, 0.1, 2, Optional.of(best));
        with((session, checkpoints) -> {
            save(session, checkpoints, progress, 7f);
            StageCheckpoints.Saved found = checkpoints.latest().orElseThrow();
            assertThat(found.progress()).isEqualTo(progress);
            Map<String, NDArray> tensors = found.tensors(session.manager());
            assertThat(tensors).containsOnlyKeys("value.w");
            assertThat(tensors.get("value.w").toFloatArray()).containsExactly(7f, 7f);
        });
    }

    @Test
    void twoCheckpointsAreKept() {
        with((session, checkpoints) -> {
            for (int step = 1; step <= 4; step++) {
                save(session, checkpoints, at(step), step);
            }
            assertThat(directory().toFile().list()).containsExactlyInAnyOrder("step-000000000003", "step-000000000004");
        });
    }

    @Test
    void aDamagedCheckpointIsPassedOverLoudly() {
        with((session, checkpoints) -> {
            save(session, checkpoints, at(1), 1f);
            save(session, checkpoints, at(2), 2f);
            Path newest = directory().resolve("step-000000000002");
            flip(newest.resolve("tensors.safetensors"));
            assertThat(checkpoints.latest().orElseThrow().progress().step()).isEqualTo(1);
            assertThat(notices).containsExactly("checkpoint " + newest + " is damaged; the one before is tried");
            flip(directory().resolve("step-000000000001").resolve("state.json"));
            assertThatThrownBy(checkpoints::latest)
                    .isInstanceOf(CpetException.class)
                    .hasMessage("no checkpoint in " + directory()
                            + " is whole; found 2 damaged; allowed --overwrite to start again");
        });
    }

    private interface Body {
        void run(EngineSession session, StageCheckpoints checkpoints);
    }

    private void with(Body body) {
        try (EngineSession session = EngineSession.open(DeviceChoice.parse("cpu"), 1);
                RunDirectory run = RunDirectory.open(
                        temp.resolve("run"), "name: a\n", Mode.CONTINUE, new NioRunFiles(), InstantSource.system())) {
            body.run(session, run.checkpoints("toy", session, notices::add));
        }
    }

    private static void save(EngineSession session, StageCheckpoints checkpoints, Progress progress, float value) {
        try (NDArray tensor = session.manager().create(new float[] {value, value})) {
            checkpoints.save(progress, Map.of("value.w", tensor));
        }
    }

    private static Progress at(long step) {
        return new Progress(step, 0, 0, 0, 0, Optional.empty());
    }

    private Path directory() {
        return temp.resolve("run/checkpoints/toy");
    }

    private static void flip(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            bytes[bytes.length / 2] ^= 1;
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
