package org.cpet.runtime.engine.safetensors;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.cpet.spi.InputException;

/** Exactly the header's bytes; notices what JSON does not care for: what comes first, and what pads the end. */
final class HeaderBytes extends InputStream {
    private final ReadableByteChannel channel;
    private long left;
    private int first = -1;
    private boolean oddPadding;

    HeaderBytes(ReadableByteChannel channel, long length) {
        this.channel = channel;
        this.left = length;
    }

    /** The header as text; bytes that are not UTF-8 are an error, never replaced. */
    Reader text() {
        return new BufferedReader(new InputStreamReader(
                this,
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT)));
    }

    /** To be asked when all text was read. */
    void checkFrame(Path path) {
        if (first != '{') {
            throw new InputException(path + ": header; found first byte " + first + "; allowed {");
        }
        if (oddPadding) {
            throw new InputException(path + ": header is padded with something else than spaces");
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (left == 0) {
            return -1;
        }
        int got = channel.read(ByteBuffer.wrap(bytes, offset, (int) Math.min(length, left)));
        if (got < 0) {
            throw new IOException("the file shrank while it was read");
        }
        left -= got;
        for (int i = offset; i < offset + got; i++) {
            notice(bytes[i]);
        }
        return got;
    }

    private void notice(byte value) {
        if (first < 0) {
            first = Byte.toUnsignedInt(value);
        }
        oddPadding = value != '}' && (oddPadding || value != ' ');
    }
}
