package org.cpet.runtime.checkpoint;

import java.nio.file.Path;
import java.util.List;
import org.cpet.runtime.checkpoint.RunDirectory.Mode;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;

/** Decides what becomes of what lies in a run's directory, before anything is loaded. */
final class RunPreflight {
    private static final String PROBE = ".tmp-probe";
    /** What a run writes: all that --overwrite may delete; the recipe last, so that it can be done again. */
    private static final List<String> OWN = List.of(
            RunDirectory.RESULT,
            RunDirectory.CHECKPOINTS,
            RunDirectory.STAGES,
            RunDirectory.ADAPTER,
            RunDirectory.Fact.KEPT.file(),
            RunDirectory.Fact.ORIGIN.file(),
            RunDirectory.Fact.KERNELS.file(),
            MetricsLog.NAME,
            RunDirectory.MODEL,
            "report.html",
            RunDirectory.RECIPE);

    private final Disk disk;
    private final Path path;

    RunPreflight(Disk disk, Path path) {
        this.disk = disk;
        this.path = path;
    }

    /** Makes the directory and tries what a checkpoint will do there. */
    static void writable(Disk disk, Path path) {
        Path probe = path.resolve(PROBE + "-" + ProcessHandle.current().pid());
        try {
            disk.makeDir(path);
            disk.delete(probe);
            disk.write(probe, Contents.text("probe"));
            disk.delete(probe);
        } catch (CpetException e) {
            String reason = e.getCause() == null ? e.getMessage() : String.valueOf(e.getCause());
            throw new CpetException(
                    ExitCode.RUN_DIRECTORY,
                    "cannot write to run directory " + path + "; found " + reason
                            + "; allowed a directory this user may write to",
                    e);
        }
    }

    /** Leaves the directory ready for this recipe; true when there is a run to continue. */
    boolean prepare(String recipe, Mode mode) {
        sweep();
        Path file = path.resolve(RunDirectory.RECIPE);
        boolean isRun = disk.exists(file);
        if (!isRun) {
            checkEmpty();
        }
        if (isRun && mode != Mode.OVERWRITE) {
            checkContinues(recipe, disk.readText(file));
        }
        boolean begun = isRun && hasState();
        if (mode == Mode.RESUME && !begun) {
            throw refused(
                    "nothing to continue in " + path,
                    isRun ? "no checkpoint" : "no run",
                    "a directory that a run left unfinished");
        }
        if (begun && mode != Mode.OVERWRITE) {
            return true;
        }
        OWN.forEach(name -> disk.delete(path.resolve(name)));
        replace(disk, path, RunDirectory.RECIPE, Contents.text(recipe));
        return false;
    }

    /** Whether a checkpoint or a finished stage is there: without one, a run starts anew and nothing binds it. */
    boolean hasState() {
        return !disk.list(path.resolve(RunDirectory.STAGES)).isEmpty()
                || disk.list(path.resolve(RunDirectory.CHECKPOINTS)).stream()
                        .anyMatch(stage -> !disk.list(stage).isEmpty());
    }

    /** Deletes what a dead run left half done, at every place where a run commits. */
    private void sweep() {
        CommittedDirectory commits = new CommittedDirectory(disk);
        Path checkpoints = path.resolve(RunDirectory.CHECKPOINTS);
        commits.sweep(path);
        commits.sweep(path.resolve(RunDirectory.STAGES));
        disk.list(checkpoints).forEach(commits::sweep);
    }

    /** Writes beside, brings to the disk, renames. */
    static void replace(Disk disk, Path directory, String name, Contents contents) {
        Path temporary = directory.resolve(".tmp-" + name);
        disk.delete(temporary);
        disk.write(temporary, contents);
        disk.move(temporary, directory.resolve(name));
        disk.forceDir(directory);
    }

    private void checkEmpty() {
        disk.list(path).stream()
                .map(entry -> String.valueOf(entry.getFileName()))
                .filter(name -> !name.equals(RunLock.NAME))
                .findFirst()
                .ifPresent(name -> {
                    throw refused(path + " is not a run directory", name, "a new or empty directory");
                });
    }

    private void checkContinues(String recipe, String found) {
        if (!found.equals(recipe)) {
            throw refused(
                    "run directory " + path + " belongs to another recipe",
                    difference(found.lines().toList(), recipe.lines().toList()),
                    "the same recipe, another --output, or --overwrite");
        }
        if (disk.exists(path.resolve(RunDirectory.RESULT))) {
            throw refused(
                    "run directory " + path + " is finished", RunDirectory.RESULT, "another --output, or --overwrite");
        }
    }

    private static String difference(List<String> there, List<String> here) {
        int line = 0;
        while (line < Math.min(there.size(), here.size()) && there.get(line).equals(here.get(line))) {
            line++;
        }
        return "'" + shown(there, line) + "' in line " + (line + 1) + " of its " + RunDirectory.RECIPE + ", not '"
                + shown(here, line) + "'";
    }

    private static String shown(List<String> lines, int line) {
        return line < lines.size() ? lines.get(line).strip() : "";
    }

    private static CpetException refused(String what, String found, String allowed) {
        return new CpetException(ExitCode.RUN_DIRECTORY, what + "; found " + found + "; allowed " + allowed);
    }
}
