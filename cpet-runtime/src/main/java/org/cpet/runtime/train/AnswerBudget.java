package org.cpet.runtime.train;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.cpet.runtime.checkpoint.ScratchFile;

/**
 * What a teacher's outputs may take: first memory, then disk.
 *
 * @param memory bytes in memory
 * @param disk bytes in files
 * @param folder of the files, or none
 */
public record AnswerBudget(long memory, long disk, Optional<Path> folder) {
    /** Bytes that they may take in memory by default: 1 GiB. */
    public static final long MEMORY = 1L << 30;

    private static final long DISK = 16L << 30;
    private static final int LEFT_FREE = 2;

    /** Where the outputs are kept. */
    enum Place {
        MEMORY,
        DISK,
        NOWHERE
    }

    /** Memory alone. */
    public static AnswerBudget ofMemory(long bytes) {
        return new AnswerBudget(bytes, 0, Optional.empty());
    }

    /** 1 GiB of memory; beyond that 16 GiB in a folder, or half of what is free there if that is less. */
    public static AnswerBudget with(Path folder) {
        long free = ScratchFile.free(folder) / LEFT_FREE;
        return new AnswerBudget(MEMORY, Math.min(DISK, free), Optional.of(folder));
    }

    /** Where so many bytes fit; a GPU reads no files. */
    Place place(long bytes, Device device) {
        if (bytes <= memory) {
            return Place.MEMORY;
        }
        return bytes <= disk && folder.isPresent() && !device.isGpu() ? Place.DISK : Place.NOWHERE;
    }

    /** Says that it is not memory. */
    String notice(long bytes, Place place) {
        return place == Place.DISK
                ? String.format(
                        Locale.ROOT,
                        "the teacher's outputs take %.1f GiB, more than the %.1f GiB set aside in memory; they are kept in"
                                + " a file in %s",
                        gibibytes(bytes),
                        gibibytes(memory),
                        folder.orElseThrow())
                : String.format(
                        Locale.ROOT,
                        "the teacher's outputs take %.1f GiB, more than the %.1f GiB set aside; each batch computes them"
                                + " anew",
                        gibibytes(bytes),
                        gibibytes(Math.max(memory, disk)));
    }

    /** A tensor in a file of zeros that has no name any more and ends with the tensor. */
    NDArray file(Shape shape, Function<Path, NDArray> mapping) {
        return ScratchFile.mapped(folder.orElseThrow(), shape.size() * Float.BYTES, "the teacher's outputs", mapping);
    }

    private static double gibibytes(long bytes) {
        return bytes / (double) (1L << 30);
    }
}
