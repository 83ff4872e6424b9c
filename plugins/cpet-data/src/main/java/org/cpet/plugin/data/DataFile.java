package org.cpet.plugin.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HexFormat;
import org.cpet.spi.InputException;

/** The bytes of a data file, without its byte order mark, decoded strictly: bad bytes are never replaced. */
final class DataFile {
    private static final byte[] LFS = "version https://git-lfs".getBytes(StandardCharsets.US_ASCII);

    private static final long LARGEST = Integer.MAX_VALUE - 8L; // what an array holds

    private final Path path;
    private final byte[] bytes;
    private final int start;

    private DataFile(Path path, byte[] bytes, int start) {
        this.path = path;
        this.bytes = bytes;
        this.start = start;
    }

    /** Reads a file and refuses what is not text in UTF-8 or not the file itself. */
    static DataFile read(Path path) {
        byte[] bytes = bytesOf(path);
        if (bytes.length == 0) {
            throw new InputException(path + ": the file is empty; allowed rows");
        }
        refuseOtherFormats(path, bytes);
        boolean marked = startsWith(bytes, 0xEF, 0xBB, 0xBF);
        return new DataFile(path, bytes, marked ? 3 : 0);
    }

    /** Where it was read. */
    Path path() {
        return path;
    }

    /** Offset of the first character. */
    int start() {
        return start;
    }

    /** Offset after the last byte. */
    int end() {
        return bytes.length;
    }

    /** Offset of the next line feed, or of the end. */
    int endOfLine(int from) {
        int end = from;
        while (end < bytes.length && bytes[end] != '\n') {
            end++;
        }
        return end;
    }

    /** Whether the byte before {@code offset} is a carriage return. */
    boolean isAfterReturn(int offset) {
        return offset > start && bytes[offset - 1] == '\r';
    }

    /** A failure of a line: {@code path:line: message}. */
    InputException problem(long line, String message) {
        return new InputException(path + ":" + line + ": " + message);
    }

    /** The text from {@code from} to {@code to}, which begins on {@code line}. */
    String text(int from, int to, long line) {
        ByteBuffer slice = ByteBuffer.wrap(bytes, from, to - from);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(slice).toString();
        } catch (CharacterCodingException e) {
            int bad = slice.position();
            throw problem(
                    line + newlines(from, bad),
                    "not valid UTF-8; found byte 0x"
                            + HexFormat.of().withUpperCase().toHexDigits(bytes[bad]) + " at offset " + bad
                            + "; allowed UTF-8 text");
        }
    }

    private long newlines(int from, int to) {
        long count = 0;
        for (int i = from; i < to; i++) {
            count += bytes[i] == '\n' ? 1 : 0;
        }
        return count;
    }

    private static byte[] bytesOf(Path path) {
        try {
            long size = Files.size(path);
            if (size > LARGEST) {
                throw new InputException(path + ": too large; found " + size + " bytes; allowed " + LARGEST);
            }
            return Files.readAllBytes(path);
        } catch (NoSuchFileException e) {
            throw new InputException(path + ": no such file", e);
        } catch (IOException e) {
            throw new InputException(path + ": cannot be read; found " + e.getMessage(), e);
        }
    }

    private static void refuseOtherFormats(Path path, byte[] bytes) {
        if (startsWith(bytes, 0x1F, 0x8B)) {
            throw new InputException(path + ":1: not text; found the gzip mark 1F 8B; allowed an unpacked file");
        }
        if (startsWith(bytes, 0xFF, 0xFE) || startsWith(bytes, 0xFE, 0xFF)) {
            throw new InputException(path + ":1: not UTF-8; found a UTF-16 byte order mark; allowed UTF-8 text");
        }
        if (bytes.length >= LFS.length && ByteBuffer.wrap(bytes, 0, LFS.length).equals(ByteBuffer.wrap(LFS))) {
            throw new InputException(path + ":1: not the data; found a Git LFS pointer; allowed the file it points to");
        }
    }

    private static boolean startsWith(byte[] bytes, int... mark) {
        if (bytes.length < mark.length) {
            return false;
        }
        for (int i = 0; i < mark.length; i++) {
            if ((bytes[i] & 0xFF) != mark[i]) {
                return false;
            }
        }
        return true;
    }
}
