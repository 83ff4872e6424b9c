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
import org.cpet.spi.model.Lineage;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code kept.json}: what compression left of the model. It is computed anew whenever a run is continued or loaded, and
 * an adapter fits only what it was trained on, so another outcome must not pass.
 */
record KeptParts(Path run, Optional<RunDirectory> directory) {
    /** Writes what was kept, or compares it with what was written. */
    void agree(Lineage lineage) {
        ObjectNode kept = Json.object();
        put(kept.putObject("kept_kv_groups"), lineage.groups());
        put(kept.putObject("kept_ffn_units"), lineage.units());
        ArrayNode layers = kept.putArray("kept_layers");
        lineage.layers().forEach(layers::add);
        if (!lineage.hidden().isWhole()) {
            put(kept, Map.of("kept_hidden", lineage.hidden().rows()));
        }
        String text = Json.line(kept) + "\n";
        Optional<String> before = RunDirectory.recorded(run, Fact.KEPT);
        if (before.isPresent() && !before.get().equals(text)) {
            throw new CpetException(
                    ExitCode.RUN_DIRECTORY,
                    "compression kept other parts than when " + run
                            + " began; found another machine or number of threads; allowed the one it began on, or"
                            + " --overwrite");
        }
        if (before.isEmpty()) {
            directory.ifPresent(open -> open.record(Fact.KEPT, text));
        }
    }

    private static void put(ObjectNode node, Map<String, int[]> parts) {
        new TreeMap<>(parts).forEach((name, indices) -> {
            ArrayNode list = node.putArray(name);
            for (int index : indices) {
                list.add(index);
            }
        });
    }
}
