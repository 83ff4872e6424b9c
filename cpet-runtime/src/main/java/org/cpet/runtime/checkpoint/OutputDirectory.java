package org.cpet.runtime.checkpoint;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;

/** A directory that a single command writes: there whole or not at all, and never in the place of something else. */
public final class OutputDirectory {
    private OutputDirectory() {}

    /**
     * Refuses a target that is there.
     *
     * @param overwrite allows one that a command like this has written
     * @throws CpetException with exit code 5
     */
    public static void check(Path target, boolean overwrite) {
        Disk disk = new Disk(new NioRunFiles());
        if (!disk.exists(target) || (overwrite && disk.exists(target.resolve(CommittedDirectory.MANIFEST)))) {
            return;
        }
        List<Path> found = overwrite ? disk.list(target) : List.of();
        throw new CpetException(
                ExitCode.RUN_DIRECTORY,
                target + " exists"
                        + (overwrite
                                ? " and was not written by such a command; found "
                                        + (found.isEmpty()
                                                ? "nothing"
                                                : found.get(0).getFileName())
                                        + " in it; allowed a directory with " + CommittedDirectory.MANIFEST
                                        + ", or a new one"
                                : "; allowed a new directory, or --overwrite"));
    }

    /** Checks again and writes the files. */
    public static void write(Path target, Map<String, Contents> files, boolean overwrite) {
        check(target, overwrite);
        Disk disk = new Disk(new NioRunFiles());
        Path absolute = target.toAbsolutePath();
        Path parent = absolute.getParent();
        if (parent != null && !disk.exists(parent)) {
            disk.makeDir(parent);
        }
        new CommittedDirectory(disk).commit(absolute, files);
    }
}
