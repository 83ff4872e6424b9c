package org.cpet.runtime.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;

/** Every operation on a run directory, so that a test can record each one or make it fail. */
public interface RunFiles {
    /** Opens a new file for writing; it must not be there. */
    FileChannel create(Path file) throws IOException;

    /** Opens a file for writing behind its first {@code length} bytes, cuts off the rest, makes it when it is not there. */
    FileChannel resume(Path file, long length) throws IOException;

    /** Writes all of {@code bytes}. */
    void write(FileChannel file, ByteBuffer bytes) throws IOException;

    /** Brings a file's contents to the disk. A failure is final: it must not be tried again. */
    void force(FileChannel file) throws IOException;

    /** Brings a directory's entries to the disk. */
    void forceDir(Path directory) throws IOException;

    /** Makes a directory and those above it. */
    void makeDir(Path directory) throws IOException;

    /** Renames in one step, within one directory. */
    void move(Path from, Path to) throws IOException;

    /** Deletes a file or an empty directory. */
    void delete(Path path) throws IOException;

    /** What lies in a directory, by name; nothing when there is no such directory. */
    List<Path> list(Path directory) throws IOException;

    /** Opens a file for reading. */
    FileChannel open(Path file) throws IOException;

    /** Whether something of that name is there. */
    boolean exists(Path path);

    /** Whether it is a directory itself, not a link to one. */
    boolean isDirectory(Path path);
}
