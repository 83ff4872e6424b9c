package org.cpet.runtime.memory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** What the system says of this process's resident memory; zeros where there is no {@code /proc}. */
public final class ProcessMemory {
    private static final Path SELF = Path.of("/proc/self");

    private ProcessMemory() {}

    /** The most bytes that were resident since the start or the last {@link #forgetPeak}. */
    public static long peak() {
        return status("VmHWM:");
    }

    /** Bytes that are resident now. */
    public static long resident() {
        return status("VmRSS:");
    }

    /** Those of the resident bytes that are pages of files. */
    public static long mapped() {
        return status("RssFile:");
    }

    /** Lets the peak start again from what is resident now, where the system allows it. */
    public static void forgetPeak() {
        try {
            Files.writeString(SELF.resolve("clear_refs"), "5");
        } catch (IOException e) {
            return; // the peak then counts from the start, which is never less
        }
    }

    /** Bytes as people read them. */
    public static String mebibytes(long bytes) {
        return String.format(Locale.ROOT, "%,d MiB", Math.round(bytes / 1048576.0));
    }

    private static long status(String key) {
        Path file = SELF.resolve("status");
        try {
            List<String> lines = Files.isReadable(file) ? Files.readAllLines(file) : List.of();
            return lines.stream()
                    .filter(line -> line.startsWith(key))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
