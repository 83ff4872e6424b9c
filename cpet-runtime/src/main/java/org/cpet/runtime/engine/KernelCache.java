package org.cpet.runtime.engine;

import com.google.common.base.Strings;
import com.google.common.hash.Hashing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.cpet.spi.InputException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Profiles in the user's cache folder, one file per machine and setting; losing one only costs a new measurement. */
final class KernelCache {
    private static final Logger LOGGER = LoggerFactory.getLogger(KernelCache.class);

    /** Counts the ways in which kernels were measured: profiles of another way are not used. */
    private static final String MEASUREMENT = "6 ";

    private final Path folder;

    KernelCache(Path folder) {
        this.folder = folder;
    }

    /** The folder that the property {@code cpet.cache} names, else the system's: XDG_CACHE_HOME or ~/.cache. */
    static KernelCache ofUser() {
        String own = System.getProperty("cpet.cache");
        if (!Strings.isNullOrEmpty(own)) {
            return new KernelCache(Path.of(own));
        }
        String shared = System.getenv("XDG_CACHE_HOME");
        Path base = Strings.isNullOrEmpty(shared)
                ? Path.of(System.getProperty("user.home", "."), ".cache")
                : Path.of(shared);
        return new KernelCache(base.resolve("cpet"));
    }

    Optional<KernelProfile> read(Machine machine) {
        Path file = file(machine);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(KernelProfile.read(file))
                    .filter(profile -> profile.machine().equals(machine));
        } catch (InputException e) {
            LOGGER.info("{}; it is measured again", e.getMessage());
            return Optional.empty();
        }
    }

    void write(KernelProfile profile) {
        Path file = file(profile.machine());
        try {
            Files.createDirectories(folder);
            Path neighbour = Files.createTempFile(folder, "kernels", ".tmp");
            Files.writeString(neighbour, profile.json());
            Files.move(neighbour, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            LOGGER.info("{}: cannot be written: {}; kernels are measured again next time", file, e.getMessage());
        }
    }

    private Path file(Machine machine) {
        String key = Hashing.sha256()
                .hashString(MEASUREMENT + machine, StandardCharsets.UTF_8)
                .toString();
        return folder.resolve("kernels-" + key.substring(0, 16) + ".json");
    }
}
