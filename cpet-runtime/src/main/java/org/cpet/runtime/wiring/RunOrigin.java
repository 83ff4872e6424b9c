package org.cpet.runtime.wiring;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.cpet.runtime.checkpoint.Json;
import org.cpet.runtime.checkpoint.RunDirectory;
import org.cpet.runtime.checkpoint.RunDirectory.Fact;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code origin.json}: hashes of what went into a run. A run that goes on must find the same; for a finished one that is
 * loaded, the model must be the same.
 */
record RunOrigin(Path run, Optional<RunDirectory> directory) {
    private static final String MODEL = "model ";
    private static final String PLUGIN = "plugin ";

    /** Writes the hashes, or compares them with those written when the run began. */
    void agree(ObjectNode origin) {
        Optional<String> before = RunDirectory.recorded(run, Fact.ORIGIN);
        if (before.isPresent()) {
            compare(files(Json.parse(before.get(), run)), files(origin));
        } else {
            directory.ifPresent(open -> open.record(Fact.ORIGIN, Json.pretty(origin)));
        }
    }

    private void compare(Map<String, String> before, Map<String, String> now) {
        before.forEach((name, hash) -> {
            String found = now.getOrDefault(name, "none");
            boolean matters = directory.isPresent() || name.startsWith(MODEL);
            if (matters && !found.equals(hash)) {
                throw new CpetException(
                        name.startsWith(PLUGIN) ? ExitCode.PLUGIN : ExitCode.INPUT,
                        name + " has changed since " + run + " began; found " + found + "; allowed " + hash
                                + ", or another --output");
            }
        });
    }

    /** Every hash by what messages call its file. */
    private static Map<String, String> files(JsonNode origin) {
        Map<String, String> files = new TreeMap<>();
        JsonNode model = origin.path("model");
        model.forEachEntry((name, hash) -> {
            if (!name.equals("path")) {
                files.put(MODEL + model.path("path").asString("") + " (" + name + ")", hash.asString(""));
            }
        });
        origin.path("data").forEachEntry((name, hash) -> files.put("data file " + name, hash.asString("")));
        origin.path("plugins")
                .forEach(jar -> files.put(
                        PLUGIN + jar.path("file").asString(""),
                        jar.path("sha256").asString("")));
        return files;
    }
}
