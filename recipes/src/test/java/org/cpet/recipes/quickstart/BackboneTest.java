package org.cpet.recipes.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cpet.runtime.text.TokenizedText;
import org.cpet.runtime.text.Tokenizer;
import org.junit.jupiter.api.Test;

/** The committed files of the backbone are those that its world asks for. */
class BackboneTest {
    /** Set to write the two files anew, after a change of the world. */
    private static final boolean REWRITE = Boolean.getBoolean("cpet.quickstart.rewrite");

    private static final Path FOLDER = Generated.QUICKSTART.resolve("backbone");

    private final Backbone backbone = new Backbone(Generated.world());

    @Test
    void theConfigIsTheOneGenerated() throws IOException {
        isCommitted("config.json", backbone.config());
    }

    @Test
    void theTokenizerIsTheOneGenerated() throws IOException {
        isCommitted("tokenizer.json", backbone.tokenizer());
    }

    @Test
    void theTokenizerReadsEveryQuestionWordByWord() {
        Set<String> texts = Stream.of(
                        "pretraining/train.creatures", "weights/train.creatures", "weights/test.creatures")
                .flatMap(file -> Generated.questions(file).stream())
                .flatMap(question -> Stream.of(question.prompt(), question.completion()))
                .collect(Collectors.toSet());

        try (Tokenizer tokenizer = Tokenizer.load(FOLDER)) {
            assertThat(tokenizer.size()).isEqualTo(backbone.vocabulary().size());
            assertThat(texts).allSatisfy(text -> {
                TokenizedText read = tokenizer.encode(text);
                assertThat(read.tokens())
                        .containsExactlyElementsOf(Stream.concat(Stream.of(text.split(" ")), Stream.of(Backbone.END))
                                .toList());
                assertThat(tokenizer.decode(read.ids(), true)).isEqualTo(text);
            });
        }
    }

    @Test
    void aStrangeWordIsUnknown() {
        try (Tokenizer tokenizer = Tokenizer.load(FOLDER)) {
            assertThat(tokenizer.encode("is weight of unicorn more").tokens())
                    .containsExactly("is", "weight", "of", Backbone.UNKNOWN, "more", Backbone.END);
        }
    }

    private static void isCommitted(String name, String text) throws IOException {
        if (REWRITE) {
            Files.writeString(FOLDER.resolve(name), text);
        }
        assertThat(FOLDER.resolve(name)).hasContent(text);
    }
}
