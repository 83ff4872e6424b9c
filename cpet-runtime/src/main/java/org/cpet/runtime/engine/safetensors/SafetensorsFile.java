package org.cpet.runtime.engine.safetensors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.cpet.spi.InputException;

/**
 * The header of one safetensors file, read and checked: every byte of the data belongs to exactly one tensor, every
 * shape fits its bytes. Holds no file open.
 */
public final class SafetensorsFile implements TensorStore {
    private static final int LENGTH_BYTES = 8;

    private final Path path;
    private final SortedMap<String, TensorEntry> tensors;
    private final Map<String, String> metadata;

    private SafetensorsFile(Path path, SortedMap<String, TensorEntry> tensors, Map<String, String> metadata) {
        this.path = path;
        this.tensors = tensors;
        this.metadata = metadata;
    }

    /** Reads the header of a base model's file. */
    public static SafetensorsFile open(Path path) {
        return open(path, SafetensorsLimits.MODEL);
    }

    /** Reads the header; any fault of the file is an {@link InputException} that names it. */
    public static SafetensorsFile open(Path path, SafetensorsLimits limits) {
        if (Files.isDirectory(path)) {
            throw new InputException(path + ": is a directory, not a safetensors file");
        }
        try (FileChannel channel = FileChannel.open(path)) {
            return read(path, channel, limits);
        } catch (NoSuchFileException e) {
            throw new InputException(path + ": no such file", e);
        } catch (IOException e) {
            throw new InputException(path + ": cannot be read: " + e.getMessage(), e);
        }
    }

    static SafetensorsFile read(Path path, SeekableByteChannel channel, SafetensorsLimits limits) throws IOException {
        long size = channel.size();
        if (size < LENGTH_BYTES) {
            throw new InputException(
                    path + ": file size; found " + size + " bytes; allowed " + LENGTH_BYTES + " or more");
        }
        long length = headerLength(path, channel);
        if (length < 0 || length > size - LENGTH_BYTES) {
            throw new InputException(path + ": header length; found " + Long.toUnsignedString(length)
                    + "; allowed up to " + (size - LENGTH_BYTES) + ", the bytes that follow");
        }
        if (length > limits.headerBytes()) {
            throw new InputException(
                    path + ": header length; found " + length + "; allowed up to " + limits.headerBytes());
        }
        HeaderParser header = HeaderParser.parse(path, channel, length, limits);
        long dataStart = LENGTH_BYTES + length;
        TreeMap<String, TensorEntry> tensors = new TreeMap<>();
        for (TensorEntry entry : header.entries().values()) {
            tensors.put(
                    entry.name(),
                    new TensorEntry(
                            entry.name(),
                            entry.type(),
                            entry.shape(),
                            path,
                            dataStart + entry.begin(),
                            dataStart + entry.end()));
        }
        DataLayout.check(path, header.entries().values(), size - dataStart);
        return new SafetensorsFile(path, Collections.unmodifiableSortedMap(tensors), header.metadata());
    }

    private static long headerLength(Path path, SeekableByteChannel channel) throws IOException {
        ByteBuffer length = ByteBuffer.allocate(LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        while (length.hasRemaining()) {
            if (channel.read(length) < 0) {
                throw new InputException(path + ": the file shrank while it was read");
            }
        }
        return length.flip().getLong();
    }

    @Override
    public Map<String, TensorEntry> tensors() {
        return tensors;
    }

    /** The {@code __metadata__} of the header, in the file's order. */
    public Map<String, String> metadata() {
        return metadata;
    }

    public Path path() {
        return path;
    }

    @Override
    public String name() {
        return path.toString();
    }
}
