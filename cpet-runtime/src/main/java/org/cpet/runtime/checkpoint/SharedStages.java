package org.cpet.runtime.checkpoint;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/**
 * Lets a run begin with stages that other runs have finished: their rows, adapters and lines of {@code metrics.jsonl} are
 * copied, so that every run directory stands on its own. Whole or not at all: one rename brings the directory about.
 */
public final class SharedStages {
    private final Disk disk;

    public SharedStages(RunFiles files) {
        this.disk = new Disk(files);
    }

    /** Whether a run has finished a stage, and measured it if {@code measured}. */
    public boolean has(Path run, String stage, boolean measured) {
        return FinishedStages.row(disk, RunDirectory.stage(run, stage))
                .filter(row -> !measured || row.has("row"))
                .isPresent();
    }

    /** Whether a checkpoint or a finished stage lies in a run directory. */
    public boolean begun(Path run) {
        return new RunPreflight(disk, run).hasState();
    }

    /**
     * Makes a run directory of a recipe, in place of one that has not begun.
     *
     * @param stages which stage comes from which run, in the order of the algorithm
     */
    public void give(Path target, String recipe, Map<String, Path> stages) {
        Path temporary = target.resolveSibling(".tmp-" + target.getFileName());
        disk.delete(temporary);
        disk.makeDir(temporary.resolve(RunDirectory.STAGES));
        disk.write(temporary.resolve(RunDirectory.RECIPE), Contents.text(recipe));
        StringBuilder metrics = new StringBuilder();
        stages.forEach((stage, run) -> {
            lines(run, stage).forEach(line -> metrics.append(line).append('\n'));
            copy(run, temporary, stage, metrics.length()); // the journal writes ASCII
        });
        disk.write(temporary.resolve(MetricsLog.NAME), Contents.text(metrics.toString()));
        disk.forceDir(temporary);
        disk.delete(target);
        disk.move(temporary, target);
    }

    private void copy(Path run, Path target, String stage, long metricsBytes) {
        Path from = RunDirectory.stage(run, stage);
        Map<String, Contents> parts = new LinkedHashMap<>();
        FinishedStages.adapterFiles(disk, from)
                .forEach(file -> parts.put(String.valueOf(file.getFileName()), disk.contents(file)));
        ObjectNode row =
                (ObjectNode) FinishedStages.row(disk, from).orElseThrow().deepCopy();
        row.put(Checkpoints.METRICS_BYTES, metricsBytes);
        parts.put(FinishedStages.ROW, Contents.text(Json.pretty(row)));
        new CommittedDirectory(disk).commit(RunDirectory.stage(target, stage), parts);
    }

    private List<String> lines(Path run, String stage) {
        Path file = run.resolve(MetricsLog.NAME);
        if (!disk.exists(file)) {
            return List.of();
        }
        return disk.readText(file)
                .lines()
                .filter(line -> Json.tryParse(line)
                        .map(found -> found.path("stage").asString(""))
                        .filter(stage::equals)
                        .isPresent())
                .toList();
    }
}
