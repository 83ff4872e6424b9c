package org.cpet.runtime.checkpoint;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** {@code metrics.jsonl}: one object a line. A continued run cuts it back to where it continues. */
public final class MetricsLog implements AutoCloseable {
    static final String NAME = "metrics.jsonl";

    private final Disk disk;
    private final Path file;
    private final FileChannel channel;

    MetricsLog(Disk disk, Path file, long length) {
        this.disk = disk;
        this.file = file;
        this.channel = disk.resume(file, length);
    }

    /** Adds a line. */
    public void append(ObjectNode line) {
        disk.append(channel, file, Json.line(line) + "\n");
    }

    /** Every line so far. */
    public List<String> lines() {
        disk.force(channel, file);
        return disk.readText(file).lines().toList();
    }

    /** Brings all lines to the disk and says how long the file is. */
    long commit() {
        disk.force(channel, file);
        return disk.size(channel, file);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw Disk.failed("write", file, e);
        }
    }
}
