package org.cpet.runtime.engine.safetensors;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.cpet.spi.InputException;
import org.junit.jupiter.api.Test;

/** Damaged files are refused with the declared exception or read; nothing else ever comes out. */
class SafetensorsMutationTest {
    private static final int INPUTS = 20_000;
    private static final long SEED = 20_261_122;
    private static final Path NAME = Path.of("mutated.safetensors");
    private static final int DATA = 40;
    private static final byte[] SOUND = file("{\"__metadata__\":{\"format\":\"pt\"},"
            + "\"a.weight\":{\"dtype\":\"F32\",\"shape\":[2,4],\"data_offsets\":[0,32]},"
            + "\"b\":{\"dtype\":\"BF16\",\"shape\":[4],\"data_offsets\":[32,40]},"
            + "\"none\":{\"dtype\":\"I64\",\"shape\":[0],\"data_offsets\":[40,40]}}   ");
    private static final List<String> TOKENS = List.of(
            "-1",
            "0",
            "1e9",
            "18446744073709551616",
            "9223372036854775807",
            "null",
            "true",
            "[",
            "]",
            "{",
            "}",
            "\"",
            ",",
            ":",
            "\\ud83d",
            "\\u0000",
            "NaN",
            "\"F16\"",
            "\"shape\"",
            "\"data_offsets\"",
            "\"__metadata__\"",
            " ",
            "\t",
            "[[[[[[[[",
            "{\"a\":{\"a\":{\"a\":{",
            "/*x*/",
            "'");

    private final SplittableRandom random = new SplittableRandom(SEED);

    @Test
    void everyMutatedFileIsRefusedOrSound() {
        int accepted = 0;
        for (int i = 0; i < INPUTS; i++) {
            byte[] bytes = mutated();
            try {
                SafetensorsFile read = SafetensorsFile.read(NAME, new BytesChannel(bytes), SafetensorsLimits.MODEL);
                assertThat(dataBytes(read)).isLessThanOrEqualTo(bytes.length);
                accepted++;
            } catch (InputException e) {
                assertThat(e.getMessage()).startsWith(NAME + ": ").doesNotContain("\n");
            } catch (IOException | RuntimeException | StackOverflowError | OutOfMemoryError e) {
                throw new AssertionError("input " + i + ": " + new String(bytes, StandardCharsets.ISO_8859_1), e);
            }
        }
        // some mutations only touch values, names or spaces; if none or all passed, the mutations would be worthless
        assertThat(accepted).isBetween(INPUTS / 200, INPUTS / 2);
    }

    private static long dataBytes(SafetensorsFile read) {
        return read.tensors().values().stream()
                .mapToLong(entry -> entry.elements() * entry.type().bytes())
                .sum();
    }

    private byte[] mutated() {
        byte[] bytes = SOUND.clone();
        for (int edits = 1 + random.nextInt(3); edits > 0; edits--) {
            bytes = edit(bytes);
        }
        return bytes;
    }

    private byte[] edit(byte[] bytes) {
        int at = random.nextInt(Math.max(1, bytes.length));
        switch (random.nextInt(6)) {
            case 0:
                return Arrays.copyOf(bytes, at);
            case 1:
                return splice(bytes, at, Math.min(bytes.length, at + random.nextInt(12)), new byte[0]);
            case 2:
                String token = TOKENS.get(random.nextInt(TOKENS.size()));
                return splice(bytes, at, at + (random.nextBoolean() ? 0 : 1), token.getBytes(StandardCharsets.UTF_8));
            case 3:
                int from = random.nextInt(Math.max(1, bytes.length));
                byte[] copied = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + random.nextInt(60)));
                return splice(bytes, at, at, copied);
            case 4:
                return splice(bytes, 0, Math.min(8, bytes.length), length(random.nextInt(400)));
            default:
                byte[] changed = bytes.clone();
                if (changed.length > 0) {
                    changed[at] = (byte) random.nextInt();
                }
                return changed;
        }
    }

    private byte[] splice(byte[] bytes, int begin, int end, byte[] middle) {
        int stop = Math.min(Math.max(begin, end), bytes.length);
        ByteBuffer joined = ByteBuffer.allocate(begin + middle.length + bytes.length - stop);
        joined.put(bytes, 0, begin).put(middle).put(bytes, stop, bytes.length - stop);
        byte[] result = joined.array();
        // half of the time the length follows the edit, so that the parser is reached
        if (random.nextBoolean() && result.length >= 8 + DATA) {
            System.arraycopy(length(result.length - 8 - DATA), 0, result, 0, 8);
        }
        return result;
    }

    private static byte[] file(String header) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + text.length + DATA)
                .put(length(text.length))
                .put(text)
                .array();
    }

    private static byte[] length(long value) {
        return ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
    }
}
