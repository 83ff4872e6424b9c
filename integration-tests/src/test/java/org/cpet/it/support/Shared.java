package org.cpet.it.support;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** The folder with reference fixtures, real data and real models, which a checkout may lack. */
public final class Shared {
    private Shared() {}

    /** A path inside it; skips the test, loudly, where it is not there. */
    public static Path path(String inside) {
        String named = System.getenv("CPET_SHARED");
        Path shared = named == null ? CpetProcess.ROOT.resolveSibling("shared") : Path.of(named);
        Path path = shared.resolve(inside);
        boolean there = Files.exists(path);
        if (!there) {
            System.err.println("SKIPPED: " + inside + " is not there; set CPET_SHARED to the folder of fixtures");
        }
        assumeTrue(there, inside + " is not there; set CPET_SHARED to the folder of fixtures");
        return path;
    }
}
