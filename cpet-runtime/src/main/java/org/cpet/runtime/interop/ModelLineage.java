package org.cpet.runtime.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.cpet.runtime.checkpoint.Hashes;
import org.cpet.runtime.engine.safetensors.TensorStore;
import org.cpet.runtime.model.ConfigJson;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.InputException;

/**
 * Which models a directory's weights come from: itself, and for a compressed model the one it was made of.
 *
 * @param directory what messages name
 * @param fingerprints its own first
 */
public record ModelLineage(Path directory, Set<String> fingerprints) {
    /** The file of a compressed model that says what it was made of. */
    public static final String FILE = "cpet.json";

    public ModelLineage {
        fingerprints = new LinkedHashSet<>(fingerprints);
    }

    /** The lineage of a model directory. */
    public static ModelLineage of(Path directory, TensorStore weights) {
        Set<String> found = new LinkedHashSet<>();
        found.add(BaseFingerprint.of(weights));
        Path file = directory.resolve(FILE);
        if (Files.exists(file)) {
            String origin = ConfigJson.read(file).text(PeftAdapter.FINGERPRINT, "");
            if (!origin.isEmpty()) {
                found.add(origin);
            }
        }
        return new ModelLineage(directory, found);
    }

    /** The lineage of weights drawn from a seed for the architecture in a directory. */
    public static ModelLineage random(Path directory, long seed) {
        String config =
                ConfigJson.read(directory.resolve("config.json")).values().toString();
        return new ModelLineage(directory, Set.of(Hashes.sha256("random " + seed + " " + config)));
    }

    /** Leaves the fingerprint of the root in the directory of a model made of it. */
    public void write(Path target) {
        Map<String, Object> origin = new LinkedHashMap<>();
        origin.put("format_version", 1);
        origin.put(PeftAdapter.FINGERPRINT, origin());
        try {
            Files.write(target.resolve(FILE), ConfigJson.write(origin));
        } catch (IOException e) {
            throw new CpetException(ExitCode.DISK, target.resolve(FILE) + ": cannot be written: " + e.getMessage(), e);
        }
    }

    /** The fingerprint of the model at the root, which adapters carry. */
    public String origin() {
        return fingerprints.stream().reduce((first, second) -> second).orElseThrow();
    }

    /**
     * Refuses an adapter of another base; one without a fingerprint must fit by its tensors alone.
     *
     * @throws InputException naming both
     */
    public void require(PeftAdapter adapter) {
        adapter.baseFingerprint().filter(found -> !fingerprints.contains(found)).ifPresent(found -> {
            throw new InputException(adapter.directory() + " was made for another base model; found fingerprint "
                    + found + "; allowed " + String.join(" or ", fingerprints) + ", that of " + directory);
        });
    }
}
