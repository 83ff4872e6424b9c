package org.cpet.runtime.checkpoint;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import tools.jackson.databind.JsonNode;

/**
 * A study's directory, locked while this is open.
 *
 * <pre>
 *   study.yaml     the study file as last run; marks the directory as a study's
 *   cells/KEY/     a run directory each, named by the hash of everything that goes into it
 *   report.html, results.csv, tables.tex, study.json, selected.yaml
 * </pre>
 */
public final class StudyDirectory implements AutoCloseable {
    private static final String STUDY = "study.yaml";
    private static final String CELLS = "cells";

    private final Path path;
    private final Disk disk;
    private final RunLock lock;

    private StudyDirectory(Path path, Disk disk, RunLock lock) {
        this.path = path;
        this.disk = disk;
        this.lock = lock;
    }

    /** Locks the directory and makes it if needed; refuses one that holds something else. */
    public static StudyDirectory open(Path path, String study, RunFiles files, InstantSource clock) {
        Disk disk = new Disk(files);
        RunPreflight.writable(disk, path);
        RunLock lock = RunLock.take(path, clock);
        try {
            if (!disk.exists(path.resolve(STUDY))) {
                requireEmpty(disk, path);
            }
            RunPreflight.replace(disk, path, STUDY, Contents.text(study));
            disk.makeDir(path.resolve(CELLS));
            return new StudyDirectory(path, disk, lock);
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static void requireEmpty(Disk disk, Path path) {
        disk.list(path).stream()
                .map(entry -> String.valueOf(entry.getFileName()))
                .filter(name -> !name.equals(RunLock.NAME))
                .findFirst()
                .ifPresent(name -> {
                    throw new CpetException(
                            ExitCode.RUN_DIRECTORY,
                            path + " is not a study's directory; found " + name
                                    + "; allowed a new or empty directory, or a study's");
                });
    }

    public Path path() {
        return path;
    }

    /** The run directory of a cell. */
    public Path cell(String key) {
        return path.resolve(CELLS).resolve(key);
    }

    /** What a cell measured, once it is finished. */
    public Optional<JsonNode> result(String key) {
        return RunDirectory.result(cell(key));
    }

    /** The lines of a cell's {@code metrics.jsonl}. */
    public List<JsonNode> metrics(String key) {
        Path file = cell(key).resolve(MetricsLog.NAME);
        return disk.exists(file)
                ? disk.readText(file)
                        .lines()
                        .map(line -> Json.parse(line, file))
                        .toList()
                : List.of();
    }

    /** Writes a file, whole or not at all. */
    public void writeFile(String name, String text) {
        RunPreflight.replace(disk, path, name, Contents.text(text));
    }

    @Override
    public void close() {
        lock.close();
    }
}
