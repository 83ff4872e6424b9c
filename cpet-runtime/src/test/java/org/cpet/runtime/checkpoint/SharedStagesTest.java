package org.cpet.runtime.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedStagesTest {
    private static final String RECIPE = "name: other\n";

    @TempDir
    Path folder;

    private final SharedStages shared = new SharedStages(new NioRunFiles());
    private Path donor;
    private Path target;

    @BeforeEach
    void finishTwoStages() {
        donor = folder.resolve("donor");
        target = folder.resolve("target");
        try (RunDirectory run = open(donor, "name: donor\n")) {
            run.metrics().append(Json.object().put("stage", "teacher").put("loss", 0.5));
            run.stages()
                    .add(
                            "teacher",
                            (tools.jackson.databind.node.ObjectNode) Json.of(Map.of("row", Map.of("seed", 1))),
                            Map.of("adapter.bin", Contents.text("weights")));
            run.metrics().append(Json.object().put("stage", "compressed_pet").put("loss", 0.7));
            run.stages().add("compressed_pet", Json.object(), Map.of());
        }
    }

    @Test
    void aRunContinuesFromTheStagesItWasGiven() throws IOException {
        shared.give(target, RECIPE, Map.of("teacher", donor));

        try (RunDirectory run = open(target, RECIPE)) {
            assertThat(run.continued()).isTrue();
            assertThat(run.stages().hasAdapter("teacher")).isTrue();
            assertThat(run.stages().find("compressed_pet")).isEmpty();
            assertThat(run.metrics().lines()).containsExactly("{\"stage\":\"teacher\",\"loss\":0.5}");
        }
        assertThat(Files.readString(target.resolve("stages/teacher/adapter.bin")))
                .isEqualTo("weights");
    }

    @Test
    void linesOfASharedStageSurviveAndNoOthersDo() {
        Map<String, Path> stages = new LinkedHashMap<>();
        stages.put("teacher", donor);
        stages.put("compressed_pet", donor);
        shared.give(target, RECIPE, stages);
        try (RunDirectory run = open(target, RECIPE)) {
            run.metrics().append(Json.object().put("stage", "cpet")); // never committed
        }

        try (RunDirectory run = open(target, RECIPE)) {
            assertThat(run.metrics().lines())
                    .containsExactly(
                            "{\"stage\":\"teacher\",\"loss\":0.5}", "{\"stage\":\"compressed_pet\",\"loss\":0.7}");
        }
    }

    @Test
    void whatIsAskedForIsWhatWasMeasured() {
        assertThat(shared.has(donor, "teacher", true)).isTrue();
        assertThat(shared.has(donor, "compressed_pet", true)).isFalse();
        assertThat(shared.has(donor, "compressed_pet", false)).isTrue();
        assertThat(shared.has(donor, "cpet", false)).isFalse();
    }

    @Test
    void aDamagedStageIsNotShared() throws IOException {
        Files.writeString(donor.resolve("stages/teacher/adapter.bin"), "wrong");

        assertThat(shared.has(donor, "teacher", true)).isFalse();
    }

    @Test
    void aRunThatHasNotBegunGivesWay() throws IOException {
        open(target, "name: other\n").close();

        assertThat(shared.begun(target)).isFalse();
        assertThat(shared.begun(donor)).isTrue();
        shared.give(target, RECIPE, Map.of("teacher", donor));
        assertThat(shared.begun(target)).isTrue();
    }

    private static RunDirectory open(Path path, String recipe) {
        return RunDirectory.open(path, recipe, RunDirectory.Mode.CONTINUE, new NioRunFiles(), InstantSource.system());
    }
}
