package org.cpet.runtime.checkpoint;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicLong;

/** What a file is to hold, written piece by piece so that no file need lie in memory. */
@FunctionalInterface
public interface Contents {
    void writeTo(Sink sink);

    /** A text in UTF-8. */
    static Contents text(String text) {
        return sink -> sink.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** How many bytes files will hold together. */
    static long bytes(Collection<Contents> files) {
        AtomicLong count = new AtomicLong();
        files.forEach(file -> file.writeTo(bytes -> {
            count.addAndGet(bytes.remaining());
            bytes.position(bytes.limit()); // writers go on until nothing remains
        }));
        return count.get();
    }

    /** Takes the bytes of a file in order. */
    @FunctionalInterface
    interface Sink {
        void write(ByteBuffer bytes);
    }
}
