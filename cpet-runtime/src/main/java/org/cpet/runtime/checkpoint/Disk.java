package org.cpet.runtime.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;

/** Whole-file operations over {@link RunFiles}; what fails is a {@link CpetException} that names the file. */
final class Disk {
    private static final int BUFFER = 1 << 16;

    private final RunFiles files;

    Disk(RunFiles files) {
        this.files = files;
    }

    /** What a manifest says of a file. */
    record Written(long bytes, String sha256) {}

    /** Writes a new file and brings it to the disk. */
    Written write(Path file, Contents contents) {
        Sha256 hash = new Sha256();
        try (FileChannel channel = files.create(file)) {
            contents.writeTo(bytes -> {
                hash.update(bytes.duplicate());
                attempt("write", file, () -> files.write(channel, bytes));
            });
            files.force(channel);
        } catch (IOException e) {
            throw failed("write", file, e);
        }
        return new Written(hash.length(), hash.hex());
    }

    /** Size and hash of a file as it lies there. */
    Written measure(Path file) {
        Sha256 hash = new Sha256();
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        try (FileChannel channel = files.open(file)) {
            while (channel.read(buffer) >= 0) {
                hash.update(buffer.flip());
                buffer.clear();
            }
        } catch (IOException e) {
            throw failed("read", file, e);
        }
        return new Written(hash.length(), hash.hex());
    }

    /** A file's bytes, to be written elsewhere. */
    Contents contents(Path file) {
        return sink -> {
            ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
            try (FileChannel channel = files.open(file)) {
                while (channel.read(buffer) >= 0) {
                    sink.write(buffer.flip());
                    buffer.clear();
                }
            } catch (IOException e) {
                throw failed("read", file, e);
            }
        };
    }

    String readText(Path file) {
        try (FileChannel channel = files.open(file)) {
            ByteBuffer buffer = ByteBuffer.allocate(Math.toIntExact(channel.size()));
            while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
                // until full or at the end
            }
            return StandardCharsets.UTF_8.decode(buffer.flip()).toString();
        } catch (IOException e) {
            throw failed("read", file, e);
        }
    }

    List<Path> list(Path directory) {
        try {
            return files.list(directory);
        } catch (IOException e) {
            throw failed("list", directory, e);
        }
    }

    boolean exists(Path path) {
        return files.exists(path);
    }

    void makeDir(Path directory) {
        attempt("make", directory, () -> files.makeDir(directory));
    }

    void move(Path from, Path to) {
        attempt("rename", from, () -> files.move(from, to));
    }

    void forceDir(Path directory) {
        attempt("write", directory, () -> files.forceDir(directory));
    }

    /** Deletes a file, or a directory with what lies in it; nothing when it is not there. Links are not followed. */
    void delete(Path path) {
        if (!files.exists(path)) {
            return;
        }
        if (files.isDirectory(path)) {
            list(path).forEach(this::delete);
        }
        attempt("delete", path, () -> files.delete(path));
    }

    FileChannel resume(Path file, long length) {
        try {
            return files.resume(file, length);
        } catch (IOException e) {
            throw failed("write", file, e);
        }
    }

    void append(FileChannel channel, Path file, String text) {
        attempt("write", file, () -> files.write(channel, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8))));
    }

    long size(FileChannel channel, Path file) {
        try {
            return channel.size();
        } catch (IOException e) {
            throw failed("read", file, e);
        }
    }

    void force(FileChannel channel, Path file) {
        attempt("write", file, () -> files.force(channel));
    }

    private static void attempt(String what, Path path, Operation operation) {
        try {
            operation.run();
        } catch (IOException e) {
            throw failed(what, path, e);
        }
    }

    static CpetException failed(String what, Path path, IOException cause) {
        String reason = cause.getMessage() == null || cause.getMessage().equals(path.toString())
                ? cause.getClass().getSimpleName()
                : cause.getMessage();
        return new CpetException(
                ExitCode.DISK,
                "cannot " + what + " " + path + "; found " + reason
                        + "; allowed a disk with room and permission; the last checkpoint stands",
                cause);
    }

    @FunctionalInterface
    private interface Operation {
        void run() throws IOException;
    }

    /** A running SHA-256 that counts its bytes. */
    private static final class Sha256 {
        private final MessageDigest digest = Hashes.sha256();
        private long length;

        void update(ByteBuffer bytes) {
            length += bytes.remaining();
            digest.update(bytes);
        }

        long length() {
            return length;
        }

        String hex() {
            return HexFormat.of().formatHex(digest.digest());
        }
    }
}
