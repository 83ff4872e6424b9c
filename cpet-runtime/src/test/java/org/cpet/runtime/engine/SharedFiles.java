package org.cpet.runtime.engine;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/** Fixtures beside the checkout, or where CPET_SHARED says. */
public final class SharedFiles {
    private SharedFiles() {}

    /** A fixture's path; without it the test is skipped, saying what is missing. */
    public static Path require(String relative) {
        Path root = Path.of(Optional.ofNullable(System.getenv("CPET_SHARED")).orElse("../../shared"));
        Path path = root.resolve(relative);
        Assumptions.assumeTrue(Files.exists(path), () -> "SKIPPED: " + path + " is not there; set CPET_SHARED");
        return path;
    }
}
