package org.cpet.runtime.engine.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.cpet.spi.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsDirectoryTest {
    private static final String FIRST = "model-00001-of-00002.safetensors";
    private static final String SECOND = "model-00002-of-00002.safetensors";

    @TempDir
    private Path folder;

    @Test
    void shardsOfAnIndexAreOneStore() throws IOException {
        shard(FIRST, "a");
        shard(SECOND, "b");
        index("{\"metadata\":{\"total_size\":2,\"x\":[1.5,{}]},\"weight_map\":{\"b\":\"" + SECOND + "\",\"a\":\""
                + FIRST + "\"}}");

        SafetensorsDirectory read = SafetensorsDirectory.open(folder);

        assertThat(read.tensors().keySet()).containsExactly("a", "b");
        assertThat(read.tensor("b").file()).isEqualTo(folder.resolve(SECOND));
    }

    @Test
    void aSingleFileGoesBeforeAnIndex() throws IOException {
        shard("model.safetensors", "only");
        index("nonsense");

        assertThat(SafetensorsDirectory.open(folder).tensors().keySet()).containsExactly("only");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}| weight_map is missing",
                "[]| found no object; allowed {\"weight_map\": {...}}",
                "{\"weight_map\":{},\"weight_map\":{}}| duplicate weight_map",
                "{\"weight_map\":[]}| weight_map; found no object; allowed {\"tensor\": \"file\", ...}",
                "{\"weight_map\":{\"a\":\"x.safetensors\",\"a\":\"x.safetensors\"}}| duplicate tensor a",
                "{\"weight_map\":{\"a\":\"../x.safetensors\"}}| file of a; found ../x.safetensors; allowed a plain name"
                        + " that ends in .safetensors",
                "{\"weight_map\":{\"a\":\"/x.safetensors\"}}| file of a; found /x.safetensors; allowed a plain name that"
                        + " ends in .safetensors",
                "{\"weight_map\":{\"a\":7}}| file of a; found no text; allowed a plain name that ends in .safetensors",
                "{\"weight_map\":{\"a\":\"x.bin\"}}| file of a; found x.bin; allowed a plain name that ends in"
                        + " .safetensors",
                "{\"weight_map\":{\"c\":\"model-00001-of-00002.safetensors\",\"a\":\"model-00001-of-00002.safetensors\"}}|"
                        + " tensor c is not in model-00001-of-00002.safetensors",
            })
    void aBadIndexIsNamed(String json, String message) throws IOException {
        shard(FIRST, "a");
        Path index = index(json);

        assertThatThrownBy(() -> SafetensorsDirectory.open(folder))
                .isInstanceOf(InputException.class)
                .hasMessage(index + ": " + message);
    }

    @Test
    void aTensorInTwoShardsIsNamed() throws IOException {
        shard(FIRST, "a");
        shard(SECOND, "a");
        index("{\"weight_map\":{\"a\":\"" + FIRST + "\",\"b\":\"" + SECOND + "\"}}");

        assertThatThrownBy(() -> SafetensorsDirectory.open(folder))
                .hasMessage(folder.resolve(SECOND) + ": tensor a is here; allowed only in " + FIRST);
    }

    @Test
    void aTensorThatTheIndexDoesNotNameIsNamed() throws IOException {
        shard(FIRST, "stray");
        index("{\"weight_map\":{\"a\":\"" + FIRST + "\"}}");

        assertThatThrownBy(() -> SafetensorsDirectory.open(folder))
                .hasMessage(folder.resolve(FIRST)
                        + ": tensor stray is here; allowed tensors that model.safetensors.index.json names");
    }

    @Test
    void missingFilesAreNamed() throws IOException {
        assertThatThrownBy(() -> SafetensorsDirectory.open(folder))
                .hasMessage(folder + ": no weights; allowed model.safetensors or model.safetensors.index.json");
        assertThatThrownBy(() -> SafetensorsDirectory.open(folder.resolve("x")))
                .hasMessage(folder.resolve("x") + ": no such directory");
        index("{\"weight_map\":{\"a\":\"" + FIRST + "\"}}");
        assertThatThrownBy(() -> SafetensorsDirectory.open(folder))
                .hasMessage(folder.resolve(FIRST) + ": no such file");
    }

    private Path index(String json) throws IOException {
        return Files.writeString(folder.resolve("model.safetensors.index.json"), json);
    }

    /** One byte under one name. */
    private void shard(String file, String tensor) throws IOException {
        byte[] header = ("{\"" + tensor + "\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}")
                .getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + header.length + 1)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header);
        Files.write(folder.resolve(file), bytes.array());
    }
}
