package org.cpet.runtime.engine.safetensors;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;

/**
 * Writes tensors so that equal values give equal bytes: wide elements first, then by name, which also aligns every
 * tensor to its element size; metadata sorted by key.
 */
public final class SafetensorsWriter {
    // Java buffers end at 2 GiB; larger tensors go out in slices of this many elements, at most 1 GiB of float64
    private static final long SLICE = 1L << 27;

    private SafetensorsWriter() {}

    /** Writes the file or leaves what was there: to a neighbour, forced to disk, then moved into place. */
    public static void write(Path target, Map<String, NDArray> tensors, Map<String, String> metadata) {
        Path absolute = target.toAbsolutePath();
        Path neighbour = absolute.resolveSibling("." + absolute.getFileName() + ".tmp");
        try {
            try (FileChannel channel = FileChannel.open(
                    neighbour,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE)) {
                write(channel, tensors, metadata);
                channel.force(true);
            }
            Files.move(neighbour, absolute, StandardCopyOption.ATOMIC_MOVE);
            forceDirectory(absolute);
        } catch (IOException e) {
            throw new CpetException(ExitCode.DISK, target + ": cannot be written: " + e.getMessage(), e);
        }
    }

    /** Writes the same bytes to an open channel. */
    public static void write(WritableByteChannel channel, Map<String, NDArray> tensors, Map<String, String> metadata)
            throws IOException {
        List<TensorToWrite> ordered = tensors.entrySet().stream()
                .map(entry -> TensorToWrite.of(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparing(
                                (TensorToWrite tensor) -> -tensor.type().bytes())
                        .thenComparing(TensorToWrite::name))
                .toList();
        writeHeader(channel, ordered.stream().map(TensorToWrite::described).toList(), metadata);
        for (TensorToWrite tensor : ordered) {
            writeValues(channel, tensor.array());
        }
    }

    /** Writes the same form of tensors that no engine holds. */
    public static void writePlain(WritableByteChannel channel, List<PlainTensor> tensors, Map<String, String> metadata)
            throws IOException {
        List<PlainTensor> ordered = tensors.stream()
                .sorted(Comparator.comparing(
                                (PlainTensor tensor) -> -tensor.type().bytes())
                        .thenComparing(PlainTensor::name))
                .toList();
        writeHeader(channel, ordered.stream().map(PlainTensor::described).toList(), metadata);
        for (PlainTensor tensor : ordered) {
            tensor.writeTo(bytes -> writeAll(channel, bytes));
        }
    }

    private static void writeHeader(
            WritableByteChannel channel, List<HeaderFormat.Described> tensors, Map<String, String> metadata)
            throws IOException {
        byte[] header = HeaderFormat.bytes(tensors, metadata);
        ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        writeAll(channel, length.putLong(header.length).flip());
        writeAll(channel, ByteBuffer.wrap(header));
    }

    private static void writeValues(WritableByteChannel channel, NDArray array) throws IOException {
        long size = array.size();
        if (size == 0) {
            return;
        }
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            if (size <= SLICE) {
                writeAll(channel, array.toByteBuffer(true));
                return;
            }
            NDArray flat = array.flatten();
            for (long begin = 0; begin < size; begin += SLICE) {
                NDArray slice = flat.get(begin + ":" + Math.min(begin + SLICE, size));
                writeAll(channel, slice.toByteBuffer(true));
            }
        }
    }

    private static void writeAll(WritableByteChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static void forceDirectory(Path file) throws IOException {
        Path directory = file.getParent();
        if (directory == null || System.getProperty("os.name", "").startsWith("Windows")) {
            return; // Windows cannot open a directory; its moves are written through
        }
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** A tensor with its type in the file. */
    record TensorToWrite(String name, ElementType type, NDArray array) {
        static TensorToWrite of(String name, NDArray array) {
            DataType found = array.getDataType();
            // DJL does not know the type of a bfloat16 tensor that libtorch hands it
            DataType type = found == DataType.UNKNOWN ? DataType.BFLOAT16 : found;
            for (ElementType known : ElementType.values()) {
                if (known.arrayType().filter(type::equals).isPresent()) {
                    return new TensorToWrite(name, known, array);
                }
            }
            throw new CpetException(ExitCode.BUG, "tensor " + name + " of type " + found + " cannot be written");
        }

        HeaderFormat.Described described() {
            return new HeaderFormat.Described(name, type, array.getShape(), array.size() * type.bytes());
        }
    }
}
