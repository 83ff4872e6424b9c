package org.cpet.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.primitives.ImmutableLongArray;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.cpet.runtime.text.SpecialTokens;
import org.cpet.runtime.text.Tokenizer;
import org.cpet.runtime.text.WordTokenizer;
import org.cpet.spi.CpetException;
import org.cpet.spi.data.Example;
import org.cpet.spi.data.TaskFields;
import org.cpet.spi.data.TaskFields.LabelWord;
import org.cpet.spi.model.ModelConfig;
import org.cpet.spi.model.ModelTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Words: a 4, b 5, c 6, yes 7, no 8, ask: 9; special: pad 0, end 1, start 2. */
class EncodersTest {
    private static final String[] WORDS = {"a", "b", "c", "yes", "no", "ask:"};
    private static final SpecialTokens SPECIAL = new SpecialTokens(0, OptionalInt.of(1));

    @TempDir
    private Path folder;

    @Test
    void aClassifierReadsPairsAndTheNumberOfTheClass() {
        try (Tokenizer tokenizer = Tokenizer.load(WordTokenizer.ending(folder, WORDS))) {
            ExampleEncoder encoder = ExampleEncoder.of(ModelTask.SEQ_CLS, tokenizer, SPECIAL, classes(), 6);

            EncodedRow row = encoder.encode(example("yes", "a b", "c c c"));

            assertThat(row.inputIds()).isEqualTo(ids(4, 5, 1, 6, 6, 1));
            assertThat(row.typeIds()).isEqualTo(ids(0, 0, 0, 1, 1, 1));
            assertThat(row.labels()).isEqualTo(ids(1));
            assertThat(row.counted()).isEqualTo(1);
            assertThat(row.cut()).isEqualTo(1);
        }
    }

    @Test
    void aClassifierNeedsClasses() {
        try (Tokenizer tokenizer = Tokenizer.load(WordTokenizer.ending(folder, WORDS))) {
            assertThatThrownBy(() -> ExampleEncoder.of(ModelTask.SEQ_CLS, tokenizer, SPECIAL, freeText(), 6))
                    .isInstanceOf(CpetException.class)
                    .hasMessage("data.fields; found {prompt, completion}; allowed {text, label} for task seq_cls");
        }
    }

    @Test
    void aSequenceToSequenceModelAnswersWithTheWordAndItsEnd() {
        try (Tokenizer tokenizer = Tokenizer.load(WordTokenizer.ending(folder, WORDS))) {
            ExampleEncoder encoder = ExampleEncoder.of(ModelTask.SEQ2SEQ_LM, tokenizer, SPECIAL, classes(), 10);

            EncodedRow row = encoder.encode(example("0", "a", "b"));

            assertThat(row.inputIds()).isEqualTo(ids(9, 4, 5, 1));
            assertThat(row.labels()).isEqualTo(ids(8, 1));
            assertThat(row.counted()).isEqualTo(2);
            assertThat(row.cut()).isZero();
        }
    }

    @Test
    void aLongAnswerIsCutBeforeItsEnd() {
        try (Tokenizer tokenizer = Tokenizer.load(WordTokenizer.ending(folder, WORDS))) {
            ExampleEncoder encoder = ExampleEncoder.of(ModelTask.SEQ2SEQ_LM, tokenizer, SPECIAL, freeText(), 4);

            EncodedRow row = encoder.encode(example("b b b b b", "a a a a a"));

            assertThat(row.inputIds()).isEqualTo(ids(4, 4, 4, 1));
            assertThat(row.labels()).isEqualTo(ids(5, 5, 5, 1));
            assertThat(row.cut()).isEqualTo(4);
        }
    }

    @Test
    void aCausalModelReadsPromptAndAnswerAndLearnsTheAnswer() {
        try (Tokenizer tokenizer = Tokenizer.load(WordTokenizer.starting(folder, WORDS))) {
            ExampleEncoder encoder = ExampleEncoder.of(ModelTask.CAUSAL_LM, tokenizer, SPECIAL, classes(), 10);

            EncodedRow row = encoder.encode(example("yes", "a", "b "));

            assertThat(row.inputIds()).isEqualTo(ids(2, 9, 4, 5, 7, 1));
            assertThat(row.labels()).isEqualTo(ids(-100, -100, -100, -100, 7, 1));
            assertThat(row.promptLength()).isEqualTo(4);
            assertThat(row.answer()).isEqualTo(ids(7, 1));
            assertThat(row.counted()).isEqualTo(2);
        }
    }

    @Test
    void aCompletionFollowsAsItIsWritten() {
        try (Tokenizer tokenizer = Tokenizer.load(WordTokenizer.starting(folder, WORDS))) {
            ExampleEncoder encoder = ExampleEncoder.of(ModelTask.CAUSAL_LM, tokenizer, SPECIAL, freeText(), 10);

            EncodedRow row = encoder.encode(example(" b c", "a a"));

            assertThat(row.inputIds()).isEqualTo(ids(2, 4, 4, 5, 6, 1));
            assertThat(row.labels()).isEqualTo(ids(-100, -100, -100, 5, 6, 1));
        }
    }

    @Test
    void aLongPromptOfACausalModelLosesItsBeginning() {
        try (Tokenizer tokenizer = Tokenizer.load(WordTokenizer.starting(folder, WORDS))) {
            ExampleEncoder encoder = ExampleEncoder.of(ModelTask.CAUSAL_LM, tokenizer, SPECIAL, classes(), 5);

            EncodedRow row = encoder.encode(example("yes", "a a a", "b c"));

            assertThat(row.inputIds()).isEqualTo(ids(2, 5, 6, 7, 1));
            assertThat(row.labels()).isEqualTo(ids(-100, -100, -100, 7, 1));
            assertThat(row.cut()).isEqualTo(4);
        }
    }

    @Test
    void aTokenizerThatEndsEveryTextDoesNotEndThePrompt() {
        try (Tokenizer tokenizer = Tokenizer.load(WordTokenizer.ending(folder, WORDS))) {
            ExampleEncoder encoder = ExampleEncoder.of(ModelTask.CAUSAL_LM, tokenizer, SPECIAL, classes(), 10);

            assertThat(encoder.encode(example("yes", "a", "b")).inputIds()).isEqualTo(ids(9, 4, 5, 7, 1));
        }
    }

    @Test
    void howManyRowsLoseTokensIsSaid() {
        List<String> notices = new ArrayList<>();
        try (Tokenizer tokenizer = Tokenizer.load(WordTokenizer.ending(folder, WORDS))) {
            ExampleEncoder encoder = ExampleEncoder.of(ModelTask.SEQ_CLS, tokenizer, SPECIAL, classes(), 5);
            List<Example> examples = List.of(example("yes", "a b", "c c c"), example("0", "a", "b"));

            EncodedData data = EncodedData.of("train", examples, encoder, 5, notices::add);

            assertThat(data.size()).isEqualTo(2);
        }
        assertThat(notices).containsExactly("train: 1 of 2 rows were cut to max_length 5; 2 tokens are not read");
    }

    @Test
    void theEndOfAnAnswerIsTheConfigsWithoutTokenizerSettings() {
        try (Tokenizer tokenizer = Tokenizer.load(WordTokenizer.ending(folder, WORDS))) {
            Path file = folder.resolve("config.json");
            assertThat(SpecialTokens.of(new ModelConfig(file, Map.of("eos_token_id", List.of(5, 6))), tokenizer))
                    .isEqualTo(new SpecialTokens(0, OptionalInt.of(5)));
            assertThat(SpecialTokens.of(new ModelConfig(file, Map.of("pad_token_id", 1)), tokenizer))
                    .isEqualTo(new SpecialTokens(1, OptionalInt.empty()));
        }
    }

    private static TaskData classes() {
        List<LabelWord> labels = List.of(new LabelWord("0", "no"), new LabelWord("yes", "yes"));
        TaskFields fields = new TaskFields("rows", List.of("x", "y"), "label", labels, "ask: {0} {1}");
        return new TaskData(
                RowMeaning.of(fields), Optional.of(new ClassLabels(labels)), List.of(), List.of(), List.of());
    }

    private static TaskData freeText() {
        TaskFields fields = new TaskFields("rows", List.of("x"), "label", List.of(), "{0}");
        return new TaskData(RowMeaning.of(fields), Optional.empty(), List.of(), List.of(), List.of());
    }

    private static Example example(String label, String... texts) {
        return new Example(Path.of("rows"), 1, List.of(texts), label);
    }

    private static ImmutableLongArray ids(long... ids) {
        return ImmutableLongArray.copyOf(ids);
    }
}
