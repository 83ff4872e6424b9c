package org.cpet.runtime.checkpoint;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What a file is to hold, written piece by piece so that no file need lie in memory. */
@FunctionalInterface
public interface Contents {
    void writeTo(Sink sink);

    /** A text in UTF-8. */
    static Contents text(String text) {
        return sink -> sink.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Takes the bytes of a file in order. */
    @FunctionalInterface
    interface Sink {
        void write(ByteBuffer bytes);
    }
}
