package org.cpet.plugin.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.cpet.runtime.data.ClassLabels;
import org.cpet.runtime.data.DataInputs;
import org.cpet.runtime.data.RowMeaning;
import org.cpet.runtime.data.TaskData;
import org.cpet.spi.InputException;
import org.cpet.spi.data.DatasetReader;
import org.cpet.spi.data.Example;
import org.cpet.spi.data.TaskFields;
import org.cpet.spi.data.TaskFields.LabelWord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The verdicts that need to know which fields hold texts and which labels there are. */
class MalformedExamplesTest {
    private static final TableOptions HEADED = new TableOptions(List.of());

    private final Notices notices = new Notices();

    @TempDir
    private Path folder;

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "01_missing_field.jsonl | :3: field 'choice2' is missing; found premise, choice1, question, label, idx",
                "02_bad_label_number.jsonl | :2: label; found '7'; allowed '0', '1'",
                "03_label_wrong_type.jsonl | :4: field 'label' is a text; found '1'; allowed a whole number, as on line 1",
                "04_label_null.jsonl | :1: field 'label' is null; allowed a value",
            })
    void refusesChoices(String name, String message) {
        Path file = Shared.data("malformed/" + name);

        assertThatThrownBy(() -> read(new JsonLines(notices), copa(), file))
                .isInstanceOf(InputException.class)
                .hasMessage(file + message);
    }

    @Test
    void saysThatATextIsBlank() {
        Path file = Shared.data("malformed/37_blank_text.jsonl");

        assertThat(read(new JsonLines(notices), copa(), file)).hasSize(5);

        assertThat(notices.messages).containsExactly(file + ":3: field 'premise' is blank");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "44_bad_label.tsv | :5: label; found 'entailmnt'; allowed 'entailment', 'not_entailment'; did you mean entailment?",
                "46_renamed_column.tsv | :1: no field 'sentence'; found 'content', 'index', 'label', 'question'",
                "49_empty_cell.tsv | :3: field 'sentence' is empty; allowed text",
                "51_label_trailing_space.tsv | :2: label with spaces around it or empty; found 'entailment '",
            })
    void refusesQuestions(String name, String message) {
        Path file = Shared.data("malformed/" + name);

        assertThatThrownBy(() -> read(new TabSeparated(HEADED, notices), qnli(), file))
                .isInstanceOf(InputException.class)
                .hasMessage(file + message);
    }

    @Test
    void aFileWithoutItsHeaderLacksEveryColumn() {
        Path file = Shared.data("malformed/45_no_header.tsv");

        assertThatThrownBy(() -> read(new TabSeparated(HEADED, notices), qnli(), file))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith(file + ":1: no field 'question'; found '");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "63_answer_e.csv | :4: label; found 'E'; allowed 'A', 'B', 'C', 'D'",
                "66_lower_case_answer.csv | :3: label; found 'd'; allowed 'A', 'B', 'C', 'D'; did you mean D?",
                "68_header_present.csv | :2: label; found 'answer'; allowed 'A', 'B', 'C', 'D'",
            })
    void refusesAnswers(String name, String message) throws IOException {
        Path file = folder.resolve(name);
        Files.writeString(file, "question,A,B,C,D,answer\n" + Files.readString(Shared.data("malformed/" + name)));

        assertThatThrownBy(() -> read(new CommaSeparated(HEADED, notices), mmlu(), file))
                .isInstanceOf(InputException.class)
                .hasMessage(file + message);
    }

    @Test
    void readsTheRealTasksOfGlue() {
        TaskData sst2 = load(new Sst2Factory().fields(), "sst2/train.tsv", "sst2/dev.tsv");
        TaskData rte = load(new RteFactory().fields(), "rte/glue/train.tsv", "rte/glue/dev.tsv");
        TaskData mrpc = load(new MrpcFactory().fields(), "mrpc/train.tsv", "mrpc/dev.tsv");

        assertThat(sst2.train()).hasSize(66_349);
        assertThat(sst2.validation()).hasSize(1_000);
        assertThat(sst2.test()).hasSize(654);
        assertThat(sst2.labels().orElseThrow().names()).containsExactly("0", "1");
        assertThat(rte.train()).hasSize(2_490 - 249);
        assertThat(mrpc.test()).hasSize(497);
        assertThat(mrpc.test().get(0).texts()).hasSize(2);
        assertThat(notices.messages).isEmpty();
    }

    private TaskData load(TaskFields fields, String train, String dev) {
        return TaskData.load(
                inputs(new TabSeparated(HEADED, notices), fields, Shared.data(train), Optional.of(Shared.data(dev))),
                42,
                notices::notice);
    }

    private List<Example> read(DatasetReader reader, TaskFields fields, Path file) {
        return TaskData.read(
                inputs(reader, fields, file, Optional.empty()),
                file,
                Optional.of(new ClassLabels(fields.labels())),
                notices::notice);
    }

    private static DataInputs inputs(DatasetReader reader, TaskFields fields, Path train, Optional<Path> validation) {
        return new DataInputs(
                reader,
                RowMeaning.of(fields),
                Optional.of(train),
                validation,
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static TaskFields copa() {
        return new TaskFields("jsonl", List.of("premise", "choice2"), "label", labels("0", "1"), "{0} {1}");
    }

    private static TaskFields qnli() {
        List<LabelWord> labels = labels("entailment", "not_entailment");
        return new TaskFields("tsv", List.of("question", "sentence"), "label", labels, "{0} {1}");
    }

    private static TaskFields mmlu() {
        return new TaskFields("csv", List.of("question", "A"), "answer", labels("A", "B", "C", "D"), "{0} {1}");
    }

    private static List<LabelWord> labels(String... labels) {
        return Stream.of(labels).map(label -> new LabelWord(label, label)).toList();
    }
}
