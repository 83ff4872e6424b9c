package org.cpet.runtime.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.primitives.ImmutableLongArray;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Ids, pieces and decoded text of real tokenizers, as the reference library gives them. */
class TokenizerGoldenTest {
    @ParameterizedTest
    @CsvSource({
        "tokenizers/bert, tokenizers/bert/golden.json, 60",
        "tokenizers/t5, tokenizers/t5/golden.json, 60",
        "tokenizers/llama, tokenizers/llama/golden.json, 60",
        "models/stories260k, models/stories260k/golden/tokenization.json, 1",
    })
    void givesTheSameIdsAndPieces(String folder, String golden, int atLeast) {
        JsonNode cases = SharedText.json(golden).path("cases");
        assertThat(cases.size()).isGreaterThanOrEqualTo(atLeast);

        try (Tokenizer tokenizer = Tokenizer.load(SharedText.path(folder))) {
            for (JsonNode each : cases) {
                String text = each.path("text").asString();
                TokenizedText tokenized = tokenizer.encode(text);
                assertThat(tokenized.ids()).as(text).isEqualTo(SharedText.longs(each.path("ids")));
                assertThat(tokenized.tokens()).as(text).isEqualTo(SharedText.texts(each.path("tokens")));
                assertThat(tokenizer.decode(tokenized.ids(), true))
                        .as(text)
                        .isEqualTo(each.path("decoded").asString());
            }
        }
    }

    @Test
    void specialCasesOfT5AndPairsOfBert() {
        try (Tokenizer t5 = Tokenizer.load(SharedText.path("tokenizers/t5"));
                Tokenizer bert = Tokenizer.load(SharedText.path("tokenizers/bert"))) {
            for (JsonNode each : SharedText.json("tokenizers/t5/golden.json").path("sentinel_cases")) {
                assertThat(t5.encode(each.path("text").asString()).ids()).isEqualTo(SharedText.longs(each.path("ids")));
            }
            for (JsonNode each : SharedText.json("tokenizers/bert/golden.json").path("pair_cases")) {
                List<String> texts = each.properties().stream()
                        .filter(entry -> entry.getValue().isString())
                        .map(entry -> entry.getValue().asString())
                        .limit(2)
                        .toList();
                TokenizedText pair = bert.encode(texts.get(0), texts.get(1));
                assertThat(pair.ids()).isEqualTo(SharedText.longs(each.path("ids")));
            }
        }
    }

    @Test
    void withoutSpecialTokensAsStories260kExpects() {
        try (Tokenizer tokenizer = Tokenizer.load(SharedText.path("models/stories260k"))) {
            for (JsonNode each : SharedText.json("models/stories260k/golden/tokenization.json")
                    .path("cases")) {
                assertThat(tokenizer.encodeBare(each.path("text").asString()).ids())
                        .isEqualTo(SharedText.longs(each.path("ids_without_bos")));
            }
        }
    }

    @Test
    void theFilesOwnTruncationAndPaddingAreNotFollowed() {
        try (Tokenizer tokenizer = Tokenizer.load(SharedText.path("models/minilm"))) {
            JsonNode golden = SharedText.json("models/minilm/golden/texts.json");
            for (JsonNode each : golden.path("texts")) {
                String text = each.path("text").asString();
                TokenizedText found = each.path("pair").isNull()
                        ? tokenizer.encode(text)
                        : tokenizer.encode(text, each.path("pair").asString());
                assertThat(found.ids()).as(text).isEqualTo(SharedText.longs(each.path("input_ids")));
                assertThat(found.typeIds()).as(text).isEqualTo(SharedText.longs(each.path("token_type_ids")));
                assertThat(found.tokens()).as(text).isEqualTo(SharedText.texts(each.path("tokens")));
            }
            // 600 words and two special tokens: the file itself asks for 128
            assertThat(tokenizer.encode("a ".repeat(600)).length()).isEqualTo(602);
        }
    }

    @Test
    void cutsALongTextAtItsEnd() {
        JsonNode golden = SharedText.json("models/minilm/golden/texts.json").path("truncation");
        try (Tokenizer tokenizer = Tokenizer.load(SharedText.path("models/minilm"))) {
            TokenizedText cut = tokenizer.encode(List.of("a ".repeat(600)), 512);

            assertThat(cut.length()).isEqualTo(golden.path("length").asInt());
            assertThat(cut.cut()).isEqualTo(90);
            assertThat(cut.ids().subArray(0, 3)).isEqualTo(SharedText.longs(golden.path("first")));
            assertThat(cut.ids().subArray(509, 512)).isEqualTo(SharedText.longs(golden.path("last")));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pair_truncation", "pair_truncation_uneven"})
    void cutsTheLongerTextOfAPairFirst(String name) {
        JsonNode golden = SharedText.json("models/minilm/golden/texts.json").path(name);
        try (Tokenizer tokenizer = Tokenizer.load(SharedText.path("models/minilm"))) {
            List<String> texts = List.of(repeated(golden, "text"), repeated(golden, "pair"));

            TokenizedText cut =
                    tokenizer.encode(texts, golden.path("max_length").asInt());

            assertThat(cut.ids()).isEqualTo(SharedText.longs(golden.path("input_ids")));
            if (golden.has("token_type_ids")) {
                assertThat(cut.typeIds()).isEqualTo(SharedText.longs(golden.path("token_type_ids")));
            }
        }
    }

    /** The fixture writes {@code "the movie " x 30}. */
    private static String repeated(JsonNode golden, String field) {
        String[] parts = golden.path(field).asString().split("\" x ");
        return parts[0].substring(1).repeat(Integer.parseInt(parts[1].strip()));
    }

    @Test
    void idsOfSpecialTokensAreFound() {
        try (Tokenizer tokenizer = Tokenizer.load(SharedText.path("tokenizers/t5"))) {
            assertThat(tokenizer.id("</s>")).hasValue(1);
            assertThat(tokenizer.id("no such token")).isEmpty();
            assertThat(tokenizer.size()).isEqualTo(32_100);
            assertThat(tokenizer.decode(ImmutableLongArray.of(8774, 32_127, 1), true))
                    .isEqualTo("Hello");
        }
    }
}
