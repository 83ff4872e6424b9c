package org.cpet.runtime.model;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Map;
import org.cpet.runtime.engine.safetensors.TensorEntry;
import org.cpet.runtime.engine.safetensors.TensorStore;
import org.cpet.spi.InputException;

/** Compares tensors that files hold twice, where the model has only one. */
final class TensorCopies {
    private static final int BLOCK = 1 << 20;

    private TensorCopies() {}

    /** @throws InputException when a copy is another tensor, which silence would drop */
    static void check(TensorStore store, Map<String, String> copies) {
        copies.forEach((copy, original) -> {
            if (!same(store.tensor(copy), store.tensor(original))) {
                throw new InputException(store.name() + ": " + copy + " differs from " + original
                        + "; allowed equal tensors, since config.json ties them (tie_word_embeddings)");
            }
        });
    }

    private static boolean same(TensorEntry a, TensorEntry b) {
        if (a.type() != b.type() || !a.shape().equals(b.shape())) {
            return false;
        }
        try (FileChannel left = FileChannel.open(a.file());
                FileChannel right = FileChannel.open(b.file())) {
            ByteBuffer one = ByteBuffer.allocate(BLOCK);
            ByteBuffer two = ByteBuffer.allocate(BLOCK);
            for (long at = 0; at < a.end() - a.begin(); at += BLOCK) {
                int length = (int) Math.min(BLOCK, a.end() - a.begin() - at);
                if (!block(left, a.begin() + at, length, one).equals(block(right, b.begin() + at, length, two))) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            throw new InputException(a.file() + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static ByteBuffer block(FileChannel channel, long at, int length, ByteBuffer into) throws IOException {
        into.clear().limit(length);
        while (into.hasRemaining()) {
            if (channel.read(into, at + into.position()) < 0) {
                throw new IOException("the file shrank while it was read");
            }
        }
        return into.flip();
    }
}
