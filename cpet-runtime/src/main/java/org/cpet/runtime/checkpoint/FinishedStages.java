package org.cpet.runtime.checkpoint;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Stages that are done, {@code stages/NAME}: what was measured, and the adapter where one was trained. */
public final class FinishedStages {
    static final String ROW = "row.json";

    private static final Set<String> NOT_ADAPTER = Set.of(ROW, CommittedDirectory.MANIFEST);

    private final Disk disk;
    private final CommittedDirectory commits;
    private final Path directory;
    private final MetricsLog metrics;

    FinishedStages(Disk disk, Path directory, MetricsLog metrics) {
        this.disk = disk;
        this.commits = new CommittedDirectory(disk);
        this.directory = directory;
        this.metrics = metrics;
    }

    /** Where a stage's files lie once it is done. */
    public Path directory(String stage) {
        return directory.resolve(stage);
    }

    /** What a stage that is done has left, if it is. */
    public Optional<JsonNode> find(String stage) {
        return row(disk, directory(stage));
    }

    /** Whether a stage is done and left an adapter. */
    public boolean hasAdapter(String stage) {
        return find(stage).isPresent() && !adapterFiles(stage).isEmpty();
    }

    /** The files of a stage's adapter. */
    List<Path> adapterFiles(String stage) {
        return adapterFiles(disk, directory(stage));
    }

    static List<Path> adapterFiles(Disk disk, Path stage) {
        return disk.list(stage).stream()
                .filter(file -> !NOT_ADAPTER.contains(String.valueOf(file.getFileName())))
                .toList();
    }

    /** Marks a stage as done; when this returns, that survives a power failure. */
    public void add(String stage, ObjectNode row, Map<String, Contents> adapter) {
        Map<String, Contents> parts = new LinkedHashMap<>(adapter);
        ObjectNode kept = row.deepCopy().put(Checkpoints.METRICS_BYTES, metrics.commit());
        parts.put(ROW, Contents.text(Json.pretty(kept)));
        disk.makeDir(directory);
        commits.commit(directory(stage), parts);
    }

    static Optional<JsonNode> row(Disk disk, Path stage) {
        Path file = stage.resolve(ROW);
        return new CommittedDirectory(disk).holds(stage)
                ? Optional.of(Json.parse(disk.readText(file), file))
                : Optional.empty();
    }
}
