package org.cpet.plugin.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cpet.spi.InputException;
import org.cpet.spi.data.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadersTest {
    private static final TableOptions HEADED = new TableOptions(List.of());

    private final Notices notices = new Notices();

    @TempDir
    private Path folder;

    @Test
    void jsonKeepsTypesAndCountsBlankLines() throws IOException {
        Path file = write(
                "\n{\"t\": \"a\", \"n\": 7, \"x\": 0.5, \"b\": true, \"z\": null, \"l\": [1, {\"k\": \"v\"}]}\n\n");

        List<Row> rows = new JsonLines(notices).read(file);

        assertThat(rows).hasSize(1);
        assertThat(rows.get(0).line()).isEqualTo(2);
        assertThat(rows.get(0).values())
                .containsExactly(
                        Map.entry("t", "a"),
                        Map.entry("n", 7L),
                        Map.entry("x", 0.5),
                        Map.entry("b", true),
                        Map.entry("z", Optional.empty()),
                        Map.entry("l", List.of(1L, Map.of("k", "v"))));
    }

    @Test
    void aMissingFileIsNamed() {
        Path file = folder.resolve("none.jsonl");

        assertThatThrownBy(() -> new JsonLines(notices).read(file))
                .isInstanceOf(InputException.class)
                .hasMessage(file + ": no such file");
    }

    @Test
    void aRealNumberOutOfRangeIsRefused() throws IOException {
        Path file = write("{\"x\": 1e999}\n");

        assertThatThrownBy(() -> new JsonLines(notices).read(file))
                .hasMessage(file + ":1: number out of range for 'x'; found 1e999; allowed numbers of 64 bits");
    }

    @Test
    void aSurrogatePairIsOneCharacter() throws IOException {
        Path file = write("{\"x\": \"\\ud83d\\ude00\"}\n");

        assertThat(new JsonLines(notices).read(file).get(0).values()).containsEntry("x", "\ud83d\ude00");
    }

    @Test
    void aQuotedFieldHoldsLineBreaksAndTheNextRowKeepsItsLine() throws IOException {
        Path file = write("a,b\n\"one\ntwo\",\"say \"\"hi\"\"\"\n\nthree,four\n");

        List<Row> rows = new CommaSeparated(HEADED, notices).read(file);

        assertThat(rows).extracting(Row::line).containsExactly(2L, 5L);
        assertThat(rows.get(0).values()).containsEntry("a", "one\ntwo").containsEntry("b", "say \"hi\"");
        assertThat(notices.messages).isEmpty();
    }

    @Test
    void textAfterAClosingQuoteIsRefused() throws IOException {
        Path file = write("a,b\n\"one\" more,two\n");

        assertThatThrownBy(() -> new CommaSeparated(HEADED, notices).read(file))
                .hasMessage(file + ":2: text after the closing quote of a field");
    }

    @Test
    void badBytesInCommasAreNamedByLine() throws IOException {
        Path file = folder.resolve("bad.csv");
        Files.write(file, new byte[] {'a', ',', 'b', '\n', 'x', ',', (byte) 0xE9, '\n'});

        assertThatThrownBy(() -> new CommaSeparated(HEADED, notices).read(file))
                .hasMessage(file + ":2: not valid UTF-8; found byte 0xE9 at offset 6; allowed UTF-8 text");
    }

    @Test
    void tabsKeepSpacesInCells() throws IOException {
        Path file = write("a\tb\n x \ty\n");

        assertThat(new TabSeparated(HEADED, notices).read(file).get(0).values()).containsEntry("a", " x ");
    }

    @Test
    void namedColumnsTakeThePlaceOfAHeader() throws IOException {
        TableOptions columns = new TableOptions(List.of("a", "b"));

        List<Row> commas = new CommaSeparated(columns, notices).read(write("x,y\n"));
        List<Row> tabs = new TabSeparated(columns, notices).read(write("x\ty\n"));

        assertThat(commas).extracting(Row::line).containsExactly(1L);
        assertThat(commas.get(0).values()).containsEntry("a", "x").containsEntry("b", "y");
        assertThat(tabs.get(0).values()).containsEntry("a", "x").containsEntry("b", "y");
    }

    @Test
    void readsMmluWhichHasNoHeader() {
        TableOptions columns = new TableOptions(List.of("question", "A", "B", "C", "D", "answer"));

        assertThat(new CommaSeparated(columns, notices).read(Shared.data("mmlu/test/moral_disputes_test.csv")))
                .hasSize(346);
    }

    @Test
    void readsTheRealFilesOfGlue() {
        assertThat(new TabSeparated(HEADED, notices).read(Shared.data("sst2/train.tsv")))
                .hasSize(67_349);
        assertThat(new TabSeparated(HEADED, notices).read(Shared.data("rte/glue/train.tsv")))
                .hasSize(2_490);
        assertThat(new TabSeparated(HEADED, notices).read(Shared.data("mrpc/train.tsv")))
                .hasSize(3_565)
                .allSatisfy(row -> assertThat(row.values()).containsKeys("Quality", "#1 String", "#2 String"));
        assertThat(notices.messages).isEmpty();
    }

    @Test
    void readsTheRealJsonAndCommaFiles() {
        assertThat(new JsonLines(notices).read(Shared.data("boolq/val.jsonl"))).hasSize(2_453);
        assertThat(new JsonLines(notices).read(Shared.data("gsm8k/train.jsonl")))
                .hasSize(7_473);
        assertThat(new CommaSeparated(HEADED, notices).read(Shared.data("e2e-nlg/devset.csv")))
                .hasSize(4_672);
    }

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("rows.txt"), text);
    }
}
