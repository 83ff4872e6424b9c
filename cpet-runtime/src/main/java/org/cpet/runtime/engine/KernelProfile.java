package org.cpet.runtime.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.cpet.spi.InputException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Which kernels a run uses, and the measurement behind the choice.
 *
 * @param dense the faster ones for float32
 * @param int8 the most exact of the fastest int8 kernels
 * @param int8Row the same for a single row, as in decoding
 * @param fastBfloat16 whether bfloat16 matrices multiply at least 1.5 times faster than float32: what {@code dtype: auto}
 *     asks
 * @param steady whether each best time was met twice; on a busy machine it is not, and another day would choose otherwise
 * @param measured all candidates, float32 and bfloat16 without quantisation first
 */
public record KernelProfile(
        Machine machine,
        DenseChoice dense,
        Int8Kernel int8,
        Int8Kernel int8Row,
        boolean fastBfloat16,
        boolean steady,
        List<Speed> measured) {
    private static final long LARGEST_FILE = 64 << 10;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE, EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .enable(
                    DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                    DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    public KernelProfile {
        measured = List.copyOf(measured);
    }

    /**
     * A candidate's result.
     *
     * @param kernel float32, float32_onednn, bfloat16, or an {@link Int8Kernel}; behind it the kind of product, as
     *     {@code _row} for one row
     * @param gflops 2·rows·in·out per second in 1e9, quantisation of activations included
     * @param error relative to the exact path (float32 and bfloat16: to float32), in the L2 norm
     */
    public record Speed(String kernel, double gflops, double error) {}

    /** Reads a profile that {@link #json} wrote, to pin the choice. */
    public static KernelProfile read(Path file) {
        try {
            if (Files.size(file) > LARGEST_FILE) {
                throw new InputException(
                        file + ": file size; found " + Files.size(file) + " bytes; allowed up to " + LARGEST_FILE);
            }
            return parse(Files.readString(file));
        } catch (NoSuchFileException e) {
            throw new InputException(file + ": no such file", e);
        } catch (JacksonException e) {
            String reason = e.getOriginalMessage().replaceAll("(?s)[;\n].*", "");
            throw new InputException(file + ": not a kernel profile: " + reason, e);
        } catch (IOException e) {
            throw new InputException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /** Reads what {@link #json} wrote. */
    public static KernelProfile parse(String text) {
        return JSON.readValue(text, KernelProfile.class);
    }

    /** The profile as one JSON object. */
    public String json() {
        return JSON.writeValueAsString(this);
    }
}
