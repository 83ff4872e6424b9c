package org.cpet.runtime.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.cpet.runtime.engine.EngineSession;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The checkpoints of one stage, {@code checkpoints/STAGE/step-N}; the newest two are kept. */
final class Checkpoints implements StageCheckpoints {
    static final String METRICS_BYTES = "metrics_bytes";

    private static final int KEPT = 2;
    private static final String PREFIX = "step-";
    private static final String STATE = "state.json";
    private static final String TENSORS = "tensors.safetensors";

    private final Disk disk;
    private final CommittedDirectory commits;
    private final Path directory;
    private final MetricsLog metrics;
    private final EngineSession session;
    private final Consumer<String> notices;

    Checkpoints(Disk disk, Path directory, MetricsLog metrics, EngineSession session, Consumer<String> notices) {
        this.disk = disk;
        this.commits = new CommittedDirectory(disk);
        this.directory = directory;
        this.metrics = metrics;
        this.session = session;
        this.notices = notices;
    }

    @Override
    public void save(Progress progress, Map<String, NDArray> tensors) {
        ObjectNode state = progress.toJson().put(METRICS_BYTES, metrics.commit());
        Map<String, Contents> parts = new LinkedHashMap<>();
        parts.put(TENSORS, TensorFile.of(tensors, Map.of()));
        parts.put(STATE, Contents.text(Json.pretty(state)));
        disk.makeDir(directory);
        commits.commit(directory.resolve(String.format(Locale.ROOT, PREFIX + "%012d", progress.step())), parts);
        List<Path> found = all(disk, directory);
        found.subList(0, Math.max(0, found.size() - KEPT)).forEach(commits::remove);
    }

    @Override
    public Optional<Saved> latest() {
        return newest(disk, directory, notices).map(path -> new Saved() {
            @Override
            public Progress progress() {
                return Progress.fromJson(state(disk, path));
            }

            @Override
            public Map<String, NDArray> tensors(NDManager manager) {
                return TensorFile.read(path.resolve(TENSORS), session, manager);
            }
        });
    }

    /** How long {@code metrics.jsonl} was at the newest checkpoint of a stage. */
    static Optional<Long> metricsBytes(Disk disk, Path directory) {
        return newest(disk, directory, notice -> {})
                .map(path -> state(disk, path).path(METRICS_BYTES).asLong());
    }

    private static Optional<Path> newest(Disk disk, Path directory, Consumer<String> notices) {
        CommittedDirectory commits = new CommittedDirectory(disk);
        commits.sweep(directory);
        List<Path> found = all(disk, directory);
        for (int i = found.size() - 1; i >= 0; i--) {
            if (commits.holds(found.get(i))) {
                return Optional.of(found.get(i));
            }
            notices.accept("checkpoint " + found.get(i) + " is damaged; the one before is tried");
        }
        if (!found.isEmpty()) {
            throw new CpetException(
                    ExitCode.RUN_DIRECTORY,
                    "no checkpoint in " + directory + " is whole; found " + found.size()
                            + " damaged; allowed --overwrite to start again");
        }
        return Optional.empty();
    }

    private static List<Path> all(Disk disk, Path directory) {
        return disk.list(directory).stream()
                .filter(path -> String.valueOf(path.getFileName()).startsWith(PREFIX))
                .toList();
    }

    private static JsonNode state(Disk disk, Path checkpoint) {
        Path file = checkpoint.resolve(STATE);
        return Json.parse(disk.readText(file), file);
    }
}
