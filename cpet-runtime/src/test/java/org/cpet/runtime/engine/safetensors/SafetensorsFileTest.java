package org.cpet.runtime.engine.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.cpet.runtime.engine.SharedFiles;
import org.cpet.spi.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsFileTest {
    @TempDir
    private Path folder;

    @Test
    void aValidFileShowsItsTensorsAndMetadata() throws IOException {
        Path file = file(
                "{\"__metadata__\":{\"format\":\"pt\"},"
                        + "\"b\":{\"dtype\":\"F16\",\"shape\":[2,3],\"data_offsets\":[4,16]},"
                        + "\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4],\"extra\":[{}]},"
                        + "\"none\":{\"dtype\":\"I64\",\"shape\":[0,7],\"data_offsets\":[16,16]}}   ",
                16);

        SafetensorsFile read = SafetensorsFile.open(file);

        assertThat(read.tensors().keySet()).containsExactly("a", "b", "none");
        long start = Files.size(file) - 16;
        assertThat(read.tensor("b"))
                .isEqualTo(new TensorEntry("b", ElementType.F16, new Shape(2, 3), file, start + 4, start + 16));
        assertThat(read.tensor("a").elements()).isEqualTo(1);
        assertThat(read.metadata()).isEqualTo(Map.of("format", "pt"));
        assertThatThrownBy(() -> read.tensor("c"))
                .isInstanceOf(InputException.class)
                .hasMessage(file + ": tensor c is missing");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[]|0|header; found no object; allowed {\"name\": {...}, ...}",
                "{} {}|0|header; found text after the closing brace; allowed spaces",
                "{|0|header is not valid JSON: it ends too early at character 1",
                "[[[[[[[|0|header; found no object; allowed {\"name\": {...}, ...}",
                "{\"a\":{\"b\":[[[]]]}}|0|header is not valid JSON: Document nesting depth (5) exceeds the maximum allowed (4)",
                "{\"a\":{\"shape\":[01]}}|0|header is not valid JSON: Invalid numeric value: Leading zeroes not allowed at character 16",
                "{\"a\":[]}|0|entry of a; found no object; allowed dtype, shape and data_offsets",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[]}}|0|entry of a has no data_offsets",
                "{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\"}}|0|duplicate field in the entry of a",
                "{\"a\":{\"dtype\":7}}|0|dtype of a; found no text; allowed BOOL, U8, I8, F8_E5M2, F8_E4M3, I16, U16,"
                        + " F16, BF16, I32, U32, F32, F64, I64, U64",
                "{\"a\":{\"shape\":[1.0]}}|0|shape of a; found 1.0; allowed whole numbers from 0 to 999999999999999999",
                "{\"a\":{\"shape\":[-0]}}|0|shape of a; found -0; allowed whole numbers from 0 to 999999999999999999",
                "{\"a\":{\"shape\":7}}|0|shape of a; found no list; allowed whole numbers in a list",
                "{\"a\":{\"shape\":[[1]]}}|0|shape of a; found [; allowed whole numbers from 0 to 999999999999999999",
                "{\"a\":{\"shape\":[1,1,1,1,1,1,1,1,1]}}|0|shape of a; found more than 8 numbers; allowed up to 8",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[4]}}|4|data_offsets of a; found [4]; allowed"
                        + " [begin, end]",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[4,0]}}|4|data_offsets of a; found [4, 0];"
                        + " allowed [begin, end]",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}|4|bytes of a; found 4; allowed 8 for"
                        + " F32 [2]",
                "{\"__metadata__\":{\"k\":1}}|0|__metadata__; found a value that is not text; allowed text",
                "{\"__metadata__\":[]}|0|__metadata__; found no object; allowed {\"key\": \"text\", ...}",
                "{\"__metadata__\":{},\"__metadata__\":{}}|0|duplicate __metadata__",
                "{\"__metadata__\":{\"k\":\"\",\"k\":\"\"}}|0|duplicate key in __metadata__",
                "{\"\\ud83d\":{}}|0|header is not valid JSON: Broken surrogate pair in property name: expected '\\' to start"
                        + " low surrogate, got 0x22 at character 8",
                "{}|3|3 bytes after the last tensor",
            })
    void aBadHeaderIsNamed(String json, int data, String message) throws IOException {
        Path file = file(json, data);

        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOf(InputException.class)
                .hasMessage(file + ": " + message);
    }

    @Test
    void paddingOtherThanSpacesIsRejected() throws IOException {
        Path file = file("{}\n", 0);

        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .hasMessage(file + ": header is padded with something else than spaces");
    }

    @Test
    void spaceBeforeTheBraceIsRejected() throws IOException {
        Path file = file(" {}", 0);

        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .hasMessage(file + ": header; found first byte 32; allowed {");
    }

    @Test
    void bytesThatAreNotUtf8AreRejected() throws IOException {
        Path file = raw("{\"\u00e9\":1}".getBytes(StandardCharsets.ISO_8859_1), 0);

        assertThatThrownBy(() -> SafetensorsFile.open(file)).hasMessage(file + ": header is not valid UTF-8");
    }

    @Test
    void limitsHold() throws IOException {
        SafetensorsLimits small = new SafetensorsLimits(120, 1, 4, 8);
        assertLimit(small, "{\"abcde\":{}}", "a tensor's name; found 5 bytes; allowed up to 4");
        assertLimit(small, "{\"__metadata__\":{\"key\":\"values\"}}", "__metadata__ is longer than 8 bytes");
        assertLimit(small, " ".repeat(121), "header length; found 121; allowed up to 120");
        String scalar = "{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}";
        assertLimit(small, "{\"a\":" + scalar + ",\"b\":" + scalar + "}", "more than 1 tensors");
    }

    private void assertLimit(SafetensorsLimits limits, String json, String message) throws IOException {
        Path file = file(json, 0);
        assertThatThrownBy(() -> SafetensorsFile.open(file, limits)).hasMessage(file + ": " + message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "81_header_length_too_big|header length; found 1099511627776; allowed up to 680, the bytes that follow",
                "82_truncated_data|tensor data is cut off; found 412 bytes; allowed 512 or more, where model.layers.0"
                        + ".input_layernorm.weight ends",
                "83_overlapping_offsets|tensors overlap at offset 128, where model.layers.0.input_layernorm.weight begins; the"
                        + " one before ends at 256",
                "84_shape_mismatch|bytes of model.norm.weight; found 256; allowed 260 for F32 [65]",
                "85_unknown_dtype|dtype of model.norm.weight; found F33; allowed BOOL, U8, I8, F8_E5M2, F8_E4M3, I16, U16,"
                        + " F16, BF16, I32, U32, F32, F64, I64, U64",
                "86_header_not_json|header is not valid JSON: it ends too early at character 48",
                "87_gap_in_data|bytes 256 to 512 belong to no tensor",
                "89_duplicate_tensor_name|duplicate tensor model.norm.weight",
                "90_empty|file size; found 0 bytes; allowed 8 or more",
                "91_negative_shape|shape of model.norm.weight; found -64; allowed whole numbers from 0 to"
                        + " 999999999999999999",
                "92_trailing_bytes|16 bytes after the last tensor",
                "93_shape_overflow|shape of model.norm.weight; found [8589934592, 8589934592]; allowed less than 2^63 bytes",
            })
    void malformedFixturesAreRejected(String name, String message) {
        Path file = SharedFiles.require("data/malformed/" + name + ".safetensors");

        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOf(InputException.class)
                .hasMessage(file + ": " + message);
    }

    @Test
    void soundFixturesAreAccepted() {
        for (String name : List.of("80_valid", "88_nan_and_inf")) {
            Path file = SharedFiles.require("data/malformed/" + name + ".safetensors");
            assertThat(SafetensorsFile.open(file).tensors()).hasSize(2);
        }
    }

    @Test
    void aMissingFileAndADirectoryAreNamed() {
        assertThatThrownBy(() -> SafetensorsFile.open(folder.resolve("x")))
                .hasMessage(folder.resolve("x") + ": no such file");
        assertThatThrownBy(() -> SafetensorsFile.open(folder))
                .hasMessage(folder + ": is a directory, not a safetensors file");
    }

    private Path file(String header, int data) throws IOException {
        return raw(header.getBytes(StandardCharsets.UTF_8), data);
    }

    private Path raw(byte[] header, int data) throws IOException {
        byte[] bytes = ByteBuffer.allocate(8 + header.length + data)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .array();
        return Files.write(folder.resolve("file.safetensors"), bytes);
    }
}
