package org.cpet.runtime.checkpoint;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;

/** Room in a run directory for what a process does not outlive. */
public final class ScratchFile {
    private static final int CHUNK = 1 << 20;

    private ScratchFile() {}

    /** Bytes free for files of a folder; none where that cannot be told. */
    public static long free(Path folder) {
        try {
            return Files.getFileStore(folder).getUsableSpace();
        } catch (IOException e) {
            return 0;
        }
    }

    /**
     * What a mapping makes of a file of zeros; the file loses its name then and ends with what was made.
     *
     * @param content named in the message when it cannot be kept
     * @throws CpetException with {@link ExitCode#DISK}
     */
    public static <T> T mapped(Path folder, long bytes, String content, Function<Path, T> mapping) {
        try {
            Path file = Files.createTempFile(folder, "scratch", ".tmp");
            try {
                fill(file, bytes);
                return mapping.apply(file);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new CpetException(
                    ExitCode.DISK, folder + ": " + content + " cannot be kept there: " + e.getMessage(), e);
        }
    }

    /** Takes all of the room at once: a page of a mapped file that finds none ends the process. */
    private static void fill(Path file, long bytes) throws IOException {
        byte[] zeros = new byte[CHUNK];
        try (OutputStream out = Files.newOutputStream(file)) {
            for (long left = bytes; left > 0; left -= CHUNK) {
                out.write(zeros, 0, (int) Math.min(CHUNK, left));
            }
        }
    }
}
