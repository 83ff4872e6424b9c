package org.cpet.runtime.checkpoint;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.jspecify.annotations.Nullable;

/** One run per directory. The operating system lets go of the lock when the process ends, however it ends. */
final class RunLock implements AutoCloseable {
    static final String NAME = "run.lock";

    private final FileChannel channel;

    private RunLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Takes the lock and writes who holds it. The file is never deleted: that would let two runs lock two files. */
    static RunLock take(Path directory, InstantSource clock) {
        Path file = directory.resolve(NAME);
        try {
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (lock(channel) == null) {
                String holder = holder(channel);
                channel.close();
                throw new CpetException(
                        ExitCode.RUN_DIRECTORY,
                        "run directory " + directory + " is in use; found " + holder + "; allowed one run at a time");
            }
            channel.truncate(0);
            String text = "pid " + ProcessHandle.current().pid() + " on " + host() + " since " + clock.instant();
            channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
            return new RunLock(channel);
        } catch (IOException e) {
            throw new CpetException(
                    ExitCode.RUN_DIRECTORY,
                    "cannot lock " + file + "; found " + e.getMessage()
                            + "; allowed a directory this user may write to",
                    e);
        }
    }

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // another run in this JVM
        }
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(512);
        channel.read(bytes, 0);
        String text = StandardCharsets.UTF_8.decode(bytes.flip()).toString().strip();
        return text.isEmpty() ? "another process" : text;
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "this host";
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new CpetException(ExitCode.DISK, "cannot release " + NAME + "; found " + e.getMessage(), e);
        }
    }
}
