package org.cpet.runtime.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.cpet.spi.InputException;
import org.cpet.spi.model.ModelConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelDirectoryTest {
    @TempDir
    private Path folder;

    @Test
    void aMissingDirectoryIsNamed() {
        Path missing = folder.resolve("nothing");

        assertThatThrownBy(() -> ModelDirectory.open(missing))
                .isInstanceOf(InputException.class)
                .hasMessage(missing + ": no such directory");
    }

    @Test
    void aMissingConfigIsNamed() {
        assertThatThrownBy(() -> ModelDirectory.open(folder))
                .hasMessage(folder.resolve("config.json") + ": no such file");
    }

    @Test
    void aConfigThatIsNoJsonSaysWhere() throws IOException {
        Files.writeString(folder.resolve("config.json"), "{\n  \"a\": 1,\n  \"a\": 2}");

        assertThatThrownBy(() -> ModelDirectory.open(folder))
                .isInstanceOf(InputException.class)
                .hasMessage(
                        folder.resolve("config.json") + ":3:6: is not a JSON object: Duplicate Object property \"a\"");
    }

    @Test
    void aConfigThatIsAListIsRefused() throws IOException {
        Files.writeString(folder.resolve("config.json"), "[1]");

        assertThatThrownBy(() -> ModelDirectory.open(folder))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith(folder.resolve("config.json") + ":1:1: is not a JSON object: ");
    }

    @Test
    void weightsAndTokenizerAreLookedAtWhenAskedFor() throws IOException {
        Files.writeString(folder.resolve("config.json"), "{\"hidden_size\": 12, \"sliding_window\": null}");
        ModelDirectory directory = ModelDirectory.open(folder);

        ModelConfig config = directory.config();
        assertThat(config.integer("hidden_size")).isEqualTo(12);
        assertThat(config.has("sliding_window")).isFalse();
        assertThat(config.values()).containsKey("sliding_window");
        assertThatThrownBy(directory::tokenizer).hasMessage(folder.resolve("tokenizer.json") + ": no such file");
        assertThatThrownBy(directory::weights).isInstanceOf(InputException.class);
    }

    @Test
    void withoutAModelTypeTheKnownOnesAreListed() throws IOException {
        Files.writeString(folder.resolve("config.json"), "{}");
        ModelConfig config = ModelDirectory.open(folder).config();

        assertThatThrownBy(() -> new ModelFamilies(List.of()).of(config))
                .hasMessage(folder.resolve("config.json") + ": 'model_type' is missing; allowed ");
    }
}
