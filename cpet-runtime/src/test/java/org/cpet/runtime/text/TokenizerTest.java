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
    private static final String WORDS = """
            {"version": "1.0", "truncation": {"max_length": 4, "strategy": "LongestFirst", "stride": 0},
             "padding": {"strategy": {"Fixed": 4}, "direction": "Right", "pad_to_multiple_of": null, "pad_id": 0,
                         "pad_type_id": 0, "pad_token": "<pad>"},
             "added_tokens": [
               {"id": 0, "content": "<pad>", "single_word": false, "lstrip": false, "rstrip": false,
                "normalized": false, "special": true},
               {"id": 1, "content": "</s>", "single_word": false, "lstrip": false, "rstrip": false,
                "normalized": false, "special": true}],
             "normalizer": null, "pre_tokenizer": {"type": "Whitespace"},
             "post_processor": {"type": "TemplateProcessing",
               "single": [{"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "</s>", "type_id": 0}}],
               "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "</s>", "type_id": 0}},
                        {"Sequence": {"id": "B", "type_id": 1}}, {"SpecialToken": {"id": "</s>", "type_id": 1}}],
               "special_tokens": {"</s>": {"id": "</s>", "ids": [1], "tokens": ["</s>"]}}},
             "decoder": null,
             "model": {"type": "WordLevel", "vocab": {"<pad>": 0, "</s>": 1, "<unk>": 2, "a": 3, "b": 4, "c": 5},
                       "unk_token": "<unk>"}}
            """;

    @TempDir
    private Path folder;

    @Test
    void neitherCutsNorPadsByItself() throws IOException {
        try (Tokenizer tokenizer = words()) {
            assertThat(tokenizer.encode("a b c a b c").ids()).isEqualTo(ImmutableLongArray.of(3, 4, 5, 3, 4, 5, 1));
            assertThat(tokenizer.encode("a").ids()).isEqualTo(ImmutableLongArray.of(3, 1));
        }
    }

    @Test
    void cutsKeepSpecialTokensAndCountWhatIsLost() throws IOException {
        try (Tokenizer tokenizer = words()) {
            TokenizedText cut = tokenizer.encode(List.of("a a a a", "b b"), 5);

            // room for three: the shorter half goes to the first text, as both are too long for half the room
            assertThat(cut.ids()).isEqualTo(ImmutableLongArray.of(3, 3, 1, 4, 1));
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
    void aLengthBelowTheSpecialTokensIsRefused() throws IOException {
        try (Tokenizer tokenizer = words()) {
            assertThatThrownBy(() -> tokenizer.encode(List.of("a", "b"), 1))
                    .isInstanceOf(CpetException.class)
                    .hasMessage("max_length; found 1; allowed at least 2, the special tokens that this tokenizer adds")
                    .satisfies(e -> assertThat(((CpetException) e).exitCode()).isEqualTo(ExitCode.RECIPE));
        }
    }

    @Test
    void aTokenizerOfAnotherModelIsRefused() throws IOException {
        try (Tokenizer tokenizer = words()) {
            tokenizer.requireWithin(6);

            assertThatThrownBy(() -> tokenizer.requireWithin(5))
                    .isInstanceOf(InputException.class)
                    .hasMessage(folder.resolve("tokenizer.json")
                            + ": wrong tokenizer; found ids up to 5; allowed below 5, the model's vocabulary");
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
        Path file = Files.writeString(folder.resolve("tokenizer.json"), WORDS.substring(0, 40));

        assertThatThrownBy(() -> Tokenizer.load(folder))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith(file + ":1:41: not valid JSON; found Unexpected end-of-input");
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
    void halfACharacterIsRefused() throws IOException {
        try (Tokenizer tokenizer = words()) {
            assertThatThrownBy(() -> tokenizer.encode("a \ud83d b"))
                    .isInstanceOf(InputException.class)
                    .hasMessage("text with an unpaired surrogate; allowed whole characters");
        }
    }

    @Test
    void openingLeavesTheHostsPropertiesAlone() throws IOException {
        String before = System.getProperty("ai.djl.offline");
        System.clearProperty("ai.djl.offline");
        try (Tokenizer tokenizer = words()) {
            assertThat(tokenizer.size()).isEqualTo(6);
            assertThat(System.getProperty("ai.djl.offline")).isNull();
        } finally {
            if (before != null) {
                System.setProperty("ai.djl.offline", before);
            }
        }
    }

    private Tokenizer words() throws IOException {
        Files.writeString(folder.resolve("tokenizer.json"), WORDS);
        return Tokenizer.load(folder);
    }
}
