package org.cpet.runtime.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the system has counted for this process so far; zeros where there is no {@code /proc}.
 *
 * @param userMillis of all threads
 * @param systemMillis of all threads
 * @param pageFaults served without a disk
 */
record ProcessFacts(double userMillis, double systemMillis, long pageFaults) {
    private static final Path SELF = Path.of("/proc/self");
    private static final double TICK_MILLIS = 10; // Linux counts a hundred ticks a second for every program

    static ProcessFacts now() {
        Path file = SELF.resolve("stat");
        if (!Files.isReadable(file)) {
            return new ProcessFacts(0, 0, 0);
        }
        String[] fields = read(file).replaceFirst(".*\\) ", "").split(" ", -1);
        return new ProcessFacts(
                TICK_MILLIS * Long.parseLong(fields[11]),
                TICK_MILLIS * Long.parseLong(fields[12]),
                Long.parseLong(fields[7]));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
