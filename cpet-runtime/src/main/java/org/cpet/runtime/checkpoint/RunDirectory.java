package org.cpet.runtime.checkpoint;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.cpet.runtime.engine.EngineSession;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A run's directory, locked while this is open.
 *
 * <pre>
 *   recipe.yaml       the resolved recipe; decides whether another run is the same one
 *   metrics.jsonl     one line per logged step and evaluation
 *   checkpoints/      STAGE/step-N of the stage under way
 *   stages/           what finished stages measured and trained
 *   origin.json       hashes of what went in
 *   kernels.json      kernels of the deployed path
 *   selection.json    heads, neurons, modules and ranks that an estimation chose
 *   memory.json       which stages run with little memory
 *   kept.json         heads and neurons that structured pruning left
 *   adapter/          the final adapter
 *   result.json       the table; written last, so it marks a finished run
 * </pre>
 */
public final class RunDirectory implements AutoCloseable {
    static final String RECIPE = "recipe.yaml";
    static final String RESULT = "result.json";
    static final String CHECKPOINTS = "checkpoints";
    static final String STAGES = "stages";
    static final String ADAPTER = "adapter";
    static final String MODEL = "model";

    private final Path path;
    private final Disk disk;
    private final RunLock lock;
    private final MetricsLog metrics;
    private final boolean continued;

    private RunDirectory(Path path, Disk disk, RunLock lock, MetricsLog metrics, boolean continued) {
        this.path = path;
        this.disk = disk;
        this.lock = lock;
        this.metrics = metrics;
        this.continued = continued;
    }

    /** What to do with what lies in the directory already. */
    public enum Mode {
        /** Continue an unfinished run of the same recipe, else start. */
        CONTINUE,
        /** There must be something to continue. */
        RESUME,
        /** Start again, whatever run lies there. */
        OVERWRITE
    }

    /** What every process of a run must agree on. */
    public enum Fact {
        /** Hashes of model, data and plugins. */
        ORIGIN("origin.json"),
        /** What compression kept. */
        KEPT("kept.json"),
        /** What an estimation chose. */
        SELECTION("selection.json"),
        /** Which kernels the deployed path uses. */
        KERNELS("kernels.json"),
        /** Which stages run with little memory. */
        MEMORY("memory.json");

        private final String file;

        Fact(String file) {
            this.file = file;
        }

        String file() {
            return file;
        }
    }

    /**
     * Locks the directory, makes it if needed, and brings it to the point where the run goes on.
     *
     * @param recipe the resolved recipe
     */
    public static RunDirectory open(Path path, String recipe, Mode mode, RunFiles files, InstantSource clock) {
        Disk disk = new Disk(files);
        RunPreflight.writable(disk, path);
        RunLock lock = RunLock.take(path, clock);
        try {
            boolean continued = new RunPreflight(disk, path).prepare(recipe, mode);
            MetricsLog metrics = new MetricsLog(disk, path.resolve(MetricsLog.NAME), metricsBytes(disk, path));
            return new RunDirectory(path, disk, lock, metrics, continued);
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /**
     * The resolved recipe of a run.
     *
     * @throws CpetException when the directory holds none
     */
    public static Path recipe(Path path) {
        Path file = path.resolve(RECIPE);
        if (!new NioRunFiles().exists(file)) {
            throw new CpetException(
                    ExitCode.RUN_DIRECTORY,
                    path + " is not a run directory; found no " + RECIPE + "; allowed the output of a run");
        }
        return file;
    }

    /** The directory of a finished stage. */
    public static Path stage(Path path, String stage) {
        return path.resolve(STAGES).resolve(stage);
    }

    /** The result of a finished run, if it is one. */
    public static Optional<JsonNode> result(Path path) {
        Disk disk = new Disk(new NioRunFiles());
        Path file = path.resolve(RESULT);
        return disk.exists(file) ? Optional.of(Json.parse(disk.readText(file), file)) : Optional.empty();
    }

    public Path path() {
        return path;
    }

    /** Whether an earlier process began this run. */
    public boolean continued() {
        return continued;
    }

    public MetricsLog metrics() {
        return metrics;
    }

    /** The checkpoints of a stage; {@code notices} hears of damaged ones. */
    public StageCheckpoints checkpoints(String stage, EngineSession session, Consumer<String> notices) {
        return new Checkpoints(disk, path.resolve(CHECKPOINTS).resolve(stage), metrics, session, notices);
    }

    /** The stages that are done. */
    public FinishedStages stages() {
        return new FinishedStages(disk, path.resolve(STAGES), metrics);
    }

    /** What an earlier process of a run left to later ones under a name. */
    public static Optional<String> recorded(Path path, Fact fact) {
        Disk disk = new Disk(new NioRunFiles());
        Path file = path.resolve(fact.file);
        return disk.exists(file) ? Optional.of(disk.readText(file)) : Optional.empty();
    }

    /** Leaves something to later processes. */
    public void record(Fact fact, String text) {
        writeFile(fact.file, Contents.text(text));
    }

    /** Makes a stage's adapter that of the run. */
    public void publishAdapter(String stage) {
        Map<String, Contents> parts = new LinkedHashMap<>();
        stages().adapterFiles(stage)
                .forEach(file -> parts.put(String.valueOf(file.getFileName()), disk.contents(file)));
        new CommittedDirectory(disk).commit(path.resolve(ADAPTER), parts);
    }

    /** Makes what {@code writer} writes into a directory the run's model, whole or not at all. */
    public void publishModel(Consumer<Path> writer) {
        Path temporary = path.resolve(".tmp-" + MODEL);
        disk.delete(temporary);
        disk.makeDir(temporary);
        writer.accept(temporary);
        disk.forceDir(temporary);
        disk.delete(path.resolve(MODEL));
        disk.move(temporary, path.resolve(MODEL));
        disk.forceDir(path);
    }

    /** Writes a file, whole or not at all. */
    public void writeFile(String name, Contents contents) {
        RunPreflight.replace(disk, path, name, contents);
    }

    /** Marks the run as finished, then lets go of its checkpoints. */
    public void finish(ObjectNode result) {
        metrics.commit();
        writeFile(RESULT, Contents.text(Json.pretty(result)));
        disk.delete(path.resolve(CHECKPOINTS));
    }

    /** How much of {@code metrics.jsonl} was written when the newest whole state was. */
    private static long metricsBytes(Disk disk, Path path) {
        long bytes = 0;
        for (Path stage : disk.list(path.resolve(STAGES))) {
            bytes = Math.max(
                    bytes,
                    FinishedStages.row(disk, stage)
                            .map(row -> row.path(Checkpoints.METRICS_BYTES).asLong())
                            .orElse(0L));
        }
        for (Path stage : disk.list(path.resolve(CHECKPOINTS))) {
            bytes = Math.max(bytes, Checkpoints.metricsBytes(disk, stage).orElse(0L));
        }
        return bytes;
    }

    @Override
    public void close() {
        try (lock) {
            metrics.close();
        }
    }
}
