package org.cpet.plugin.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.cpet.spi.InputException;
import org.cpet.spi.data.DatasetReader;
import org.cpet.spi.data.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The verdicts on real rows with one fault each, as far as a reader can know; labels are judged where examples are built. */
class MalformedFilesTest {
    private static final TableOptions HEADED = new TableOptions(List.of());

    private final Notices notices = new Notices();

    @TempDir
    private Path folder;

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "05_truncated_last_line.jsonl | :5: the line ends inside the object; allowed a whole JSON object",
                "06_trailing_comma.jsonl | :2: not valid JSON at column 175; found '1, \"idx\": 1,}'",
                "07_single_quotes.jsonl | :3: not valid JSON at column 2; found '{'premise'",
                "08_duplicate_keys.jsonl | :2: field 'label' appears twice",
                "13_nul_byte.jsonl | :1: not valid JSON at column 39; found 'd on the fau\\u0000cet.\", '",
                "15_latin1.jsonl | :2: not valid UTF-8; found byte 0xE9 at offset 220; allowed UTF-8 text",
                "16_utf16le.jsonl | :1: not UTF-8; found a UTF-16 byte order mark; allowed UTF-8 text",
                "17_cut_inside_character.jsonl | :5: not valid UTF-8; found byte 0xE6 at offset 761; allowed UTF-8 text",
                "18_overlong_utf8.jsonl | :1: not valid UTF-8; found byte 0xC0 at offset 38; allowed UTF-8 text",
                "19_lone_surrogate.jsonl | :1: field 'premise' holds an unpaired surrogate; found '\\ud83d'",
                "20_long_line_2mb.jsonl | :2: line too long; found 2000139 bytes; allowed 1048576",
                "21_deep_nesting.jsonl | :2: nested deeper than 16 levels",
                "22_array_row.jsonl | :2: not a JSON object; found '[\"The girl found a bug in her cereal.\", ...'; allowed one a line",
                "23_number_too_big.jsonl | :1: number out of range for 'idx'; found 99999999999999999999; allowed whole numbers of 64 bits",
                "24_nan_label.jsonl | :3: not valid JSON at column 150; found '\"label\": NaN, \"idx\":'",
                "25_two_objects_one_line.jsonl | :2: text after the end of the object; allowed one object a line",
                "26_whole_array.jsonl | :1: a JSON array; allowed one JSON object a line",
                "29_git_lfs_pointer.jsonl | :1: not the data; found a Git LFS pointer; allowed the file it points to",
                "30_html_page.jsonl | :1: not a JSON object; found '<!DOCTYPE html>'; allowed one a line",
                "31_gzip_bytes.jsonl | :1: not text; found the gzip mark 1F 8B; allowed an unpacked file",
                "32_empty.jsonl | : the file is empty; allowed rows",
                "33_only_whitespace.jsonl | : no rows; found blank lines alone",
                "34_lone_cr.jsonl | :1: carriage return without line feed; allowed lines ended by LF or CRLF",
            })
    void refusesJsonLines(String name, String message) {
        refuses(new JsonLines(notices), Shared.data("malformed/" + name), message);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "09_blank_lines.jsonl, 5",
        "10_bom.jsonl, 5",
        "11_crlf.jsonl, 5",
        "12_no_final_newline.jsonl, 5",
        "14_escaped_nul.jsonl, 5",
        "27_extra_field.jsonl, 5",
        "35_u2028_inside_string.jsonl, 5",
        "36_mixed_line_ends.jsonl, 5",
    })
    void acceptsJsonLines(String name, int rows) {
        List<Row> read = new JsonLines(notices).read(Shared.data("malformed/" + name));

        assertThat(read).hasSize(rows);
        assertThat(read)
                .allSatisfy(row -> assertThat(row.values())
                        .containsKeys("premise", "choice1", "choice2", "question", "label", "idx"));
        assertThat(notices.messages).isEmpty();
    }

    @Test
    void saysThatAnIdIsUsedTwice() {
        Path file = Shared.data("malformed/28_duplicate_idx.jsonl");

        assertThat(new JsonLines(notices).read(file)).hasSize(5);

        assertThat(notices.messages).containsExactly(file + ": idx 0 is used on lines 1 and 2");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "40_header_only.tsv | : no rows after the header",
                "42_missing_column.tsv | :4: found 3 columns; the header has 4",
                "43_extra_column.tsv | :3: found 5 columns; the header has 4",
                "47_duplicate_column.tsv | :1: column 'sentence' appears twice",
                "50_trailing_tab.tsv | :6: found 5 columns; the header has 4",
                "52_commas.tsv | :1: one column; found 'index,question,sentence,label'; allowed columns separated by tabs; is the file comma separated?",
                "53_windows1252.tsv | :3: not valid UTF-8; found byte 0x93 at offset 246; allowed UTF-8 text",
                "54_tab_in_text.tsv | :4: found 5 columns; the header has 4",
                "55_header_spaces.tsv | :1: column name with spaces around it or empty; found 'index ', ' question ', ' sentence ', ' label'",
            })
    void refusesTabs(String name, String message) {
        refuses(new TabSeparated(HEADED, notices), Shared.data("malformed/" + name), message);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"41_stray_quotes.tsv", "44_bad_label.tsv", "48_bom_crlf.tsv", "49_empty_cell.tsv"})
    void readsTabsAsTheyStand(String name) {
        List<Row> read = new TabSeparated(HEADED, notices).read(Shared.data("malformed/" + name));

        assertThat(read).hasSize(5);
        assertThat(read)
                .allSatisfy(row -> assertThat(row.values()).containsOnlyKeys("index", "question", "sentence", "label"));
        assertThat(read)
                .allSatisfy(
                        row -> assertThat((String) row.values().get("label")).doesNotContain("\r"));
        assertThat(notices.messages).isEmpty();
    }

    @Test
    void aQuoteMarkInTabsIsAnOrdinaryCharacter() {
        Row first = new TabSeparated(HEADED, notices)
                .read(Shared.data("malformed/41_stray_quotes.tsv"))
                .get(0);

        assertThat((String) first.values().get("sentence")).startsWith("\"As of that day");
    }

    /** The files hold MMLU, which has no header; a header is put in front, so lines count one more than in the file. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "60_unclosed_quote.csv | :3: quoted field is not closed before the end of the file",
                "62_five_columns.csv | :3: found 5 columns; the header has 6",
            })
    void refusesCommas(String name, String message) throws IOException {
        refuses(new CommaSeparated(HEADED, notices), headed(name), message);
    }

    @Test
    void refusesSemicolons() {
        Path file = Shared.data("malformed/65_semicolons.csv");

        refuses(
                new CommaSeparated(HEADED, notices),
                file,
                ":1: one column; found 'What was the significance of the Gulf of...'; allowed columns separated by commas; is the file semicolon separated?");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"61_newline_in_quotes.csv, 3", "66_lower_case_answer.csv, 2", "67_doubled_quotes.csv, 2"})
    void acceptsCommas(String name, int rows) throws IOException {
        assertThat(new CommaSeparated(HEADED, notices).read(headed(name))).hasSize(rows);
        assertThat(notices.messages).isEmpty();
    }

    @Test
    void saysThatAQuoteMarkStandsInAnUnquotedField() throws IOException {
        Path file = headed("64_bare_quotes.csv");

        List<Row> read = new CommaSeparated(HEADED, notices).read(file);

        assertThat(read.get(1).values()).containsEntry("question", "The so called \"long telegram\" was sent in");
        assertThat(notices.messages)
                .containsExactly(file + ":3: quote mark inside an unquoted field, kept as it is; 1 such fields");
    }

    private static void refuses(DatasetReader reader, Path file, String message) {
        assertThatThrownBy(() -> reader.read(file))
                .isInstanceOf(InputException.class)
                .hasMessage(file + message);
    }

    private Path headed(String name) throws IOException {
        Path target = folder.resolve(name);
        Files.writeString(target, "question,A,B,C,D,answer\n" + Files.readString(Shared.data("malformed/" + name)));
        return target;
    }
}
