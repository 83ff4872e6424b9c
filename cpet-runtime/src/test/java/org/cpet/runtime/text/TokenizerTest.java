package org.cpet.runtime.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.primitives.ImmutableLongArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerTest {
    @TempDir
    private Path folder;

    @Test
    void neitherCutsNorPadsByItself() {
        try (Tokenizer tokenizer = words()) {
            assertThat(tokenizer.encode("a b c a b c").ids()).isEqualTo(ImmutableLongArray.of(4, 5, 6, 4, 5, 6, 1));
            assertThat(tokenizer.encode("a").ids()).isEqualTo(ImmutableLongArray.of(4, 1));
        }
    }

    @Test
    void cutsKeepSpecialTokensAndCountWhatIsLost() {
        try (Tokenizer tokenizer = words()) {
            TokenizedText cut = tokenizer.encode(List.of("a a a a", "b b"), 5);

            // room for three: the shorter half goes to the first text, as both are too long for half the room
            assertThat(cut.ids()).isEqualTo(ImmutableLongArray.of(4, 4, 1, 5, 1));
            assertThat(cut.typeIds()).isEqualTo(ImmutableLongArray.of(0, 0, 0, 1, 1));
            assertThat(cut.tokens()).containsExactly("a", "a", "</s>", "b", "</s>");
            assertThat(cut.cut()).isEqualTo(3);
        }
    }

    @Test
    void theShortTextOfAPairStaysWhole() {
        assertThat(Truncation.room(10, 2, 8)).containsExactly(6, 2);
        assertThat(Truncation.room(2, 10, 8)).containsExactly(2, 6);
        assertThat(Truncation.room(9, 9, 5)).containsExactly(2, 3);
        assertThat(Truncation.room(9, 8, 5)).containsExactly(3, 2);
        assertThat(Truncation.room(20, 0, 5)).containsExactly(5, 0);
    }

    @Test
    void aLengthBelowTheSpecialTokensIsRefused() {
        try (Tokenizer tokenizer = words()) {
            assertThatThrownBy(() -> tokenizer.encode(List.of("a", "b"), 1))
                    .isInstanceOf(CpetException.class)
                    .hasMessage("max_length; found 1; allowed at least 2, the special tokens that this tokenizer adds")
                    .satisfies(e -> assertThat(((CpetException) e).exitCode()).isEqualTo(ExitCode.RECIPE));
        }
    }

    @Test
    void aTokenizerOfAnotherModelIsRefused() {
        try (Tokenizer tokenizer = words()) {
            tokenizer.requireWithin(7);

            assertThatThrownBy(() -> tokenizer.requireWithin(5))
                    .isInstanceOf(InputException.class)
                    .hasMessage(folder.resolve("tokenizer.json")
                            + ": wrong tokenizer; found ids up to 6; allowed below 5, the model's vocabulary");
        }
    }

    @Test
    void aMissingFileIsNamed() {
        assertThatThrownBy(() -> Tokenizer.load(folder))
                .isInstanceOf(InputException.class)
                .hasMessage(folder.resolve("tokenizer.json")
                        + ": no such file; allowed a model directory with a tokenizer.json");
    }

    @Test
    void cutJsonIsNamedWithItsPlace() throws IOException {
        Path file = Files.writeString(folder.resolve("tokenizer.json"), "{\"model\": {\"type\": \"BPE\"");

        assertThatThrownBy(() -> Tokenizer.load(folder))
                .isInstanceOf(InputException.class)
                .hasMessage(file + ":1:25: not valid JSON; found Unexpected end-of-input");
    }

    @Test
    void aFileWithoutAVocabularyIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("tokenizer.json"), "{\"model\": {}}");

        assertThatThrownBy(() -> Tokenizer.load(folder))
                .isInstanceOf(InputException.class)
                .hasMessage(file + ": not a tokenizer; found no vocabulary at model.vocab");
    }

    @Test
    void aMergeOutsideTheVocabularyIsNamed() {
        Path file = SharedText.path("data/malformed/98_tokenizer_bad_merge.json");

        assertThatThrownBy(() -> Tokenizer.load(file))
                .isInstanceOf(InputException.class)
                .hasMessage(
                        file + ": not a usable tokenizer; found Token `zzz` out of vocabulary at line 1 column 9112");
    }

    @Test
    void halfACharacterIsRefused() {
        try (Tokenizer tokenizer = words()) {
            assertThatThrownBy(() -> tokenizer.encode("a \ud83d b"))
                    .isInstanceOf(InputException.class)
                    .hasMessage("text with an unpaired surrogate; allowed whole characters");
        }
    }

    @Test
    void openingLeavesTheHostsPropertiesAlone() {
        String before = System.getProperty("ai.djl.offline");
        System.clearProperty("ai.djl.offline");
        try (Tokenizer tokenizer = words()) {
            assertThat(tokenizer.size()).isEqualTo(7);
            assertThat(System.getProperty("ai.djl.offline")).isNull();
        } finally {
            if (before != null) {
                System.setProperty("ai.djl.offline", before);
            }
        }
    }

    private Tokenizer words() {
        return Tokenizer.load(WordTokenizer.ending(folder, "a", "b", "c"));
    }
}
