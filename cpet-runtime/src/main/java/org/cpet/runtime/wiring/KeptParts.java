package org.cpet.runtime.wiring;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.TreeMap;
import org.cpet.runtime.checkpoint.Json;
import org.cpet.runtime.checkpoint.KeptJson;
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
        ObjectNode kept = KeptJson.write(new TreeMap<>(lineage.groups()), new TreeMap<>(lineage.units()));
        ArrayNode layers = kept.putArray("kept_layers");
        lineage.layers().forEach(layers::add);
        if (!lineage.hidden().isWhole()) {
            Arrays.stream(lineage.hidden().rows()).forEach(kept.putArray("kept_hidden")::add);
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
}
