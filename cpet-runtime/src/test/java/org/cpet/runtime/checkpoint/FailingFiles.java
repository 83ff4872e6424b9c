package org.cpet.runtime.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;

/** The real disk until the n-th changing operation, which fails as a full disk does; so does every later one. */
final class FailingFiles implements RunFiles {
    private final RunFiles disk = new NioRunFiles();
    private final int failing;
    private int operations;

    FailingFiles(int failing) {
        this.failing = failing;
    }

    boolean hasFailed() {
        return operations >= failing;
    }

    private void operate() throws IOException {
        if (++operations >= failing) {
            throw new IOException("No space left on device");
        }
    }

    @Override
    public FileChannel create(Path file) throws IOException {
        operate();
        return disk.create(file);
    }

    @Override
    public FileChannel resume(Path file, long length) throws IOException {
        operate();
        return disk.resume(file, length);
    }

    @Override
    public void write(FileChannel file, ByteBuffer bytes) throws IOException {
        if (operations + 1 >= failing) {
            ByteBuffer half = bytes.duplicate();
            disk.write(file, half.limit(half.position() + half.remaining() / 2)); // a full disk takes a part
        }
        operate();
        disk.write(file, bytes);
    }

    @Override
    public void force(FileChannel file) throws IOException {
        operate();
        disk.force(file);
    }

    @Override
    public void forceDir(Path directory) throws IOException {
        operate();
        disk.forceDir(directory);
    }

    @Override
    public void makeDir(Path directory) throws IOException {
        operate();
        disk.makeDir(directory);
    }

    @Override
    public void move(Path from, Path to) throws IOException {
        operate();
        disk.move(from, to);
    }

    @Override
    public void delete(Path path) throws IOException {
        operate();
        disk.delete(path);
    }

    @Override
    public List<Path> list(Path directory) throws IOException {
        return disk.list(directory);
    }

    @Override
    public FileChannel open(Path file) throws IOException {
        return disk.open(file);
    }

    @Override
    public boolean exists(Path path) {
        return disk.exists(path);
    }

    @Override
    public boolean isDirectory(Path path) {
        return disk.isDirectory(path);
    }
}
