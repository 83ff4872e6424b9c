package org.cpet.runtime.interop;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.cpet.runtime.checkpoint.Hashes;
import org.cpet.runtime.engine.safetensors.TensorEntry;
import org.cpet.runtime.engine.safetensors.TensorStore;
import org.cpet.spi.InputException;

/**
 * Tells base models apart: SHA-256 over every tensor's name, type, shape and values, in the order of the names, so that
 * the same model in one file or in shards has one fingerprint. Of a tensor above 1 MiB, sixteen blocks stand for the
 * whole: a model of many gigabytes takes a second, and two trainings of one architecture differ everywhere.
 */
public final class BaseFingerprint {
    private static final int WHOLE = 1 << 20;
    private static final int BLOCKS = 16;
    private static final int BLOCK = 1 << 16;

    private BaseFingerprint() {}

    /** The fingerprint of a model's weights. */
    public static String of(TensorStore store) {
        MessageDigest digest = Hashes.sha256();
        Map<Path, FileChannel> files = new HashMap<>();
        try {
            for (TensorEntry tensor : store.tensors().values()) {
                String head = tensor.name() + " " + tensor.type() + " "
                        + Arrays.toString(tensor.shape().getShape()) + "\n";
                digest.update(head.getBytes(StandardCharsets.UTF_8));
                if (!files.containsKey(tensor.file())) {
                    files.put(tensor.file(), FileChannel.open(tensor.file()));
                }
                values(digest, files.get(tensor.file()), tensor);
            }
        } catch (IOException e) {
            throw new InputException(store.name() + ": cannot be read: " + e.getMessage(), e);
        } finally {
            files.values().forEach(BaseFingerprint::close);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void values(MessageDigest digest, FileChannel file, TensorEntry tensor) throws IOException {
        long length = tensor.end() - tensor.begin();
        if (length <= WHOLE) {
            update(digest, file, tensor.begin(), (int) length);
            return;
        }
        for (int block = 0; block < BLOCKS; block++) {
            update(digest, file, tensor.begin() + (length - BLOCK) / (BLOCKS - 1) * block, BLOCK);
        }
    }

    private static void update(MessageDigest digest, FileChannel file, long begin, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (file.read(bytes, begin + bytes.position()) < 0) {
                throw new IOException("the file shrank while it was read");
            }
        }
        digest.update(bytes.flip());
    }

    private static void close(FileChannel file) {
        try {
            file.close();
        } catch (IOException e) {
            throw new InputException("cannot close a file of weights: " + e.getMessage(), e);
        }
    }
}
