package org.cpet.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.cpet.runtime.text.SpecialTokens;
import org.cpet.runtime.text.Tokenizer;
import org.cpet.runtime.text.WordTokenizer;
import org.cpet.spi.InputException;
import org.cpet.spi.model.ModelTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlainTextTest {
    private static final SpecialTokens ENDS = new SpecialTokens(0, OptionalInt.of(1));

    @TempDir
    Path folder;

    @Test
    void aCausalModelReadsOneRowAfterTheOther() throws IOException {
        try (Tokenizer tokenizer = Tokenizer.load(WordTokenizer.starting(folder, "a", "b", "c", "d", "e"))) {
            List<EncodedRow> rows = new PlainText(tokenizer, ENDS, ModelTask.CAUSAL_LM, 4).rows(text());

            assertThat(rows).hasSize(2);
            assertThat(rows.get(0).inputIds().asList()).containsExactly(2L, 4L, 5L, 6L);
            assertThat(rows.get(1).inputIds().asList()).containsExactly(2L, 7L, 8L, 4L);
            assertThat(rows.get(1).labels()).isEqualTo(rows.get(1).inputIds());
        }
    }

    @Test
    void aDecoderGoesOnWhereTheEncoderEnds() throws IOException {
        try (Tokenizer tokenizer = Tokenizer.load(WordTokenizer.ending(folder, "a", "b", "c", "d", "e"))) {
            List<EncodedRow> rows = new PlainText(tokenizer, ENDS, ModelTask.SEQ2SEQ_LM, 9).rows(text());

            assertThat(rows).hasSize(1);
            assertThat(rows.get(0).inputIds().asList()).containsExactly(4L, 5L, 6L, 1L);
            assertThat(rows.get(0).labels().asList()).containsExactly(7L, 8L, 4L, 1L);
        }
    }

    @Test
    void whatHoldsNoTextIsRefused() throws IOException {
        Path empty = Files.writeString(folder.resolve("empty.txt"), "\n \n");
        Path binary = Files.write(folder.resolve("binary.txt"), new byte[] {'a', (byte) 0xff, 'b'});
        try (Tokenizer tokenizer = Tokenizer.load(WordTokenizer.starting(folder, "a"))) {
            PlainText text = new PlainText(tokenizer, ENDS, ModelTask.CAUSAL_LM, 4);

            assertThatThrownBy(() -> text.rows(empty))
                    .isInstanceOf(InputException.class)
                    .hasMessage(empty + ": no text to read; found fewer than 2 tokens; allowed a passage a line");
            assertThatThrownBy(() -> text.rows(binary))
                    .isInstanceOf(InputException.class)
                    .hasMessage(binary + ": not UTF-8; allowed a text file in UTF-8");
        }
    }

    private Path text() throws IOException {
        return Files.writeString(folder.resolve("text.txt"), "a b c\n\nd e\na\n");
    }
}
