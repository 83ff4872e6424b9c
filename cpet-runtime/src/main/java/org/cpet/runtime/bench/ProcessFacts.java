package org.cpet.runtime.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

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

    /** The most memory that was resident since the start or the last {@link #forgetPeak}, in MiB. */
    static double peakMebibytes() {
        return status("VmHWM:");
    }

    /** What is resident now, in MiB. */
    static double residentMebibytes() {
        return status("VmRSS:");
    }

    /** Lets the peak start again from what is resident now, where the system allows it. */
    static void forgetPeak() {
        try {
            Files.writeString(SELF.resolve("clear_refs"), "5");
        } catch (IOException e) {
            return; // the peak then counts from the start, which is never less
        }
    }

    private static double status(String key) {
        Path file = SELF.resolve("status");
        List<String> lines = Files.isReadable(file) ? read(file).lines().toList() : List.of();
        return lines.stream()
                .filter(line -> line.startsWith(key))
                .findFirst()
                .map(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024.0)
                .orElse(0.0);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
