package org.cpet.plugin.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.cpet.runtime.data.DataInputs;
import org.cpet.runtime.data.EncodedData;
import org.cpet.runtime.data.EncodedRow;
import org.cpet.runtime.data.ExampleEncoder;
import org.cpet.runtime.data.RowMeaning;
import org.cpet.runtime.data.TaskData;
import org.cpet.runtime.text.SpecialTokens;
import org.cpet.runtime.text.Tokenizer;
import org.cpet.spi.data.TaskFields;
import org.cpet.spi.data.TaskFields.LabelWord;
import org.cpet.spi.model.ModelConfig;
import org.cpet.spi.model.ModelTask;
import org.junit.jupiter.api.Test;

/** Templates, real rows and real tokenizers together. */
class RealTextTest {
    private final Notices notices = new Notices();

    @Test
    void sst2ForAnEncoder() {
        TaskData data = load(new Sst2Factory().fields(), "sst2");
        Path model = Shared.path("models/minilm");
        try (Tokenizer tokenizer = Tokenizer.load(model)) {
            SpecialTokens special = SpecialTokens.of(config(model, Map.of("pad_token_id", 0)), tokenizer);
            ExampleEncoder encoder = ExampleEncoder.of(ModelTask.SEQ_CLS, tokenizer, special, data, 32);

            EncodedData held = EncodedData.of("validation", data.validation(), encoder, 32, notices::notice);

            assertThat(special).isEqualTo(new SpecialTokens(0, OptionalInt.empty()));
            assertThat(held.rows()).hasSize(1_000).allSatisfy(row -> {
                assertThat(row.length()).isBetween(2, 32);
                assertThat(row.inputIds().get(0)).isEqualTo(101);
                assertThat(row.inputIds().get(row.length() - 1)).isEqualTo(102);
            });
            assertThat(notices.messages)
                    .singleElement()
                    .asString()
                    .matches("validation: \\d+ of 1000 rows were cut to max_length 32; \\d+ tokens are not read");
        }
    }

    @Test
    void rteForSequenceToSequence() {
        TaskData data = load(new RteFactory().fields(), "rte/glue");
        Path model = Shared.path("tokenizers/t5");
        try (Tokenizer tokenizer = Tokenizer.load(model)) {
            SpecialTokens special = SpecialTokens.of(config(model, Map.of()), tokenizer);
            ExampleEncoder encoder = ExampleEncoder.of(ModelTask.SEQ2SEQ_LM, tokenizer, special, data, 512);
            EncodedRow row = encoder.encode(data.test().get(0));

            assertThat(special.eos()).hasValue(1);
            assertThat(tokenizer.decode(row.inputIds(), true))
                    .isEqualTo("rte sentence1: Dana Reeve, the widow of the actor Christopher Reeve, has died of lung"
                            + " cancer at age 44, according to the Christopher Reeve Foundation."
                            + " sentence2: Christopher Reeve had an accident.");
            assertThat(tokenizer.decode(row.labels(), true)).isEqualTo("not_entailment");
            assertThat(row.labels()).isEqualTo(encoder.word("not_entailment"));
            // the words of SST-2 are one token each, so that one pass compares them
            assertThat(encoder.word("positive").asList()).containsExactly(1465L, 1L);
            assertThat(encoder.word("negative").asList()).containsExactly(2841L, 1L);
        }
    }

    @Test
    void sst2ForACausalModel() {
        TaskData data = load(new Sst2Factory().fields(), "sst2");
        Path model = Shared.path("tokenizers/llama");
        try (Tokenizer tokenizer = Tokenizer.load(model)) {
            SpecialTokens special = SpecialTokens.of(config(model, Map.of("eos_token_id", 2)), tokenizer);
            ExampleEncoder encoder = ExampleEncoder.of(ModelTask.CAUSAL_LM, tokenizer, special, data, 128);
            LabelWord word = data.labels().orElseThrow().labels().get(0);

            EncodedRow row = encoder.encode(data.test().get(0));

            assertThat(row.inputIds().get(0)).isEqualTo(1);
            assertThat(tokenizer.decode(row.prompt(), true)).isEqualTo("sst2 sentence: one long string of cliches .");
            assertThat(tokenizer.decode(row.inputIds(), true))
                    .isEqualTo("sst2 sentence: one long string of cliches . negative");
            assertThat(row.answer()).isEqualTo(encoder.word(word.word()));
            assertThat(row.answer().asList()).hasSize(2).endsWith(2L);
        }
    }

    private TaskData load(TaskFields fields, String folder) {
        DataInputs inputs = new DataInputs(
                new TabSeparated(new TableOptions(List.of()), notices),
                RowMeaning.of(fields),
                Optional.of(Shared.data(folder + "/train.tsv")),
                Optional.of(Shared.data(folder + "/dev.tsv")),
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        return TaskData.load(inputs, 42, notices::notice);
    }

    private static ModelConfig config(Path folder, Map<String, Object> values) {
        return new ModelConfig(folder.resolve("config.json"), values);
    }
}
