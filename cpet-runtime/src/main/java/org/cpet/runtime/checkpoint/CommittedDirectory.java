package org.cpet.runtime.checkpoint;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Directories that are there whole or not at all, whenever the power fails: every file is written and brought to the
 * disk, the manifest with sizes and hashes last, then one rename, then the parent's entries. What counts is the
 * manifest, not the name.
 */
final class CommittedDirectory {
    static final String MANIFEST = "manifest.json";
    static final int FORMAT = 1;

    private static final String TEMPORARY = ".tmp-";
    private static final String DYING = ".del-";

    private final Disk disk;

    CommittedDirectory(Disk disk) {
        this.disk = disk;
    }

    /** Writes {@code target} with these files; one that is there already gives way, for a moment to nothing. */
    void commit(Path target, Map<String, Contents> parts) {
        Path parent = parent(target);
        Path temporary = parent.resolve(TEMPORARY + target.getFileName());
        disk.delete(temporary);
        disk.makeDir(temporary);
        Map<String, Disk.Written> written = new LinkedHashMap<>();
        parts.forEach((name, contents) -> written.put(name, disk.write(temporary.resolve(name), contents)));
        disk.write(temporary.resolve(MANIFEST), Contents.text(Json.pretty(manifest(written))));
        disk.forceDir(temporary);
        Path old = parent.resolve(DYING + target.getFileName());
        if (disk.exists(target)) {
            disk.delete(old);
            disk.move(target, old);
        }
        disk.move(temporary, target);
        disk.forceDir(parent);
        disk.delete(old);
    }

    /** Takes a directory away; a crash leaves it whole or unnamed. */
    void remove(Path target) {
        Path dying = parent(target).resolve(DYING + target.getFileName());
        disk.delete(dying);
        disk.move(target, dying);
        disk.delete(dying);
    }

    /** Deletes what a run that died has left half done. */
    void sweep(Path parent) {
        for (Path entry : disk.list(parent)) {
            String name = String.valueOf(entry.getFileName());
            if (name.startsWith(TEMPORARY) || name.startsWith(DYING)) {
                disk.delete(entry);
            }
        }
    }

    /** Whether every file of the manifest is there with its size and hash. */
    boolean holds(Path directory) {
        Path file = directory.resolve(MANIFEST);
        if (!disk.exists(file)) {
            return false;
        }
        Optional<JsonNode> found = Json.tryParse(disk.readText(file));
        if (found.isEmpty()) {
            return false;
        }
        JsonNode manifest = found.get();
        int format = manifest.path("format_version").asInt(0);
        if (format > FORMAT) {
            throw new CpetException(
                    ExitCode.RUN_DIRECTORY,
                    directory + " was written by a later release; found format " + format + "; allowed at most "
                            + FORMAT);
        }
        List<JsonNode> entries = manifest.path("files").values().stream().toList();
        return !entries.isEmpty() && entries.stream().allMatch(entry -> holds(directory, entry));
    }

    private boolean holds(Path directory, JsonNode entry) {
        Path file = directory.resolve(entry.path("name").asString(""));
        return disk.exists(file)
                && disk.measure(file)
                        .equals(new Disk.Written(
                                entry.path("bytes").asLong(-1),
                                entry.path("sha256").asString("")));
    }

    private static ObjectNode manifest(Map<String, Disk.Written> written) {
        ObjectNode manifest = Json.object().put("format_version", FORMAT);
        ArrayNode entries = manifest.putArray("files");
        written.forEach((name, file) ->
                entries.addObject().put("name", name).put("bytes", file.bytes()).put("sha256", file.sha256()));
        return manifest;
    }

    private static Path parent(Path target) {
        return Objects.requireNonNull(target.toAbsolutePath().getParent(), "a directory to commit has a parent");
    }
}
