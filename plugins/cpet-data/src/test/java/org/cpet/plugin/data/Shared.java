package org.cpet.plugin.data;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Finds the test data beside the checkout. */
final class Shared {
    private Shared() {}

    static Path data(String relative) {
        return path("data/" + relative);
    }

    static Path path(String relative) {
        Path folder = Path.of(Optional.ofNullable(System.getenv("CPET_SHARED")).orElse("../../../shared"));
        Path file = folder.resolve(relative);
        assumeTrue(Files.exists(file), () -> "SKIPPED: " + file + " is not there; set CPET_SHARED to the test data");
        return file;
    }
}
