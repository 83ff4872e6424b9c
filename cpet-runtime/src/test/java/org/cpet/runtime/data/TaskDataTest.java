package org.cpet.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.cpet.runtime.recipe.DataSection.FieldNames;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.InputException;
import org.cpet.spi.data.Example;
import org.junit.jupiter.api.Test;

class TaskDataTest {
    private static final Optional<String> NONE = Optional.empty();

    private final List<String> notices = new ArrayList<>();

    @Test
    void withoutATestFileTheValidationFileIsMeasuredAndRowsAreCutOutOfTrain() {
        Rows rows = new Rows().with("train", 100).with("dev", 20);

        TaskData data = TaskData.load(rows.inputs("train", Optional.of("dev"), NONE), 42, notices::add);

        assertThat(data.train()).hasSize(90);
        assertThat(data.validation())
                .hasSize(10)
                .allSatisfy(row -> assertThat(row.file()).isEqualTo(Path.of("train")));
        assertThat(data.train()).doesNotContainAnyElementsOf(data.validation());
        assertThat(data.test()).hasSize(20);
        assertThat(lines(data.train())).isSorted();
        assertThat(notices).isEmpty();
    }

    @Test
    void withThreeFilesEachIsWhatItsNameSays() {
        Rows rows = new Rows().with("train", 100).with("dev", 20).with("test", 30);

        TaskData data = TaskData.load(rows.inputs("train", Optional.of("dev"), Optional.of("test")), 42, notices::add);

        assertThat(data.train()).hasSize(100);
        assertThat(data.validation()).hasSize(20);
        assertThat(data.test()).hasSize(30);
    }

    @Test
    void withATestFileAloneRowsAreCutOutOfTrain() {
        Rows rows = new Rows().with("train", 100).with("test", 30);

        TaskData data = TaskData.load(rows.inputs("train", NONE, Optional.of("test")), 42, notices::add);

        assertThat(data.train()).hasSize(90);
        assertThat(data.validation()).hasSize(10);
        assertThat(data.test()).hasSize(30);
    }

    @Test
    void withoutRowsToMeasureOnItIsRefused() {
        Rows rows = new Rows().with("train", 100);

        assertThatThrownBy(() -> TaskData.load(rows.inputs("train", NONE, NONE), 42, notices::add))
                .isInstanceOf(InputException.class)
                .hasMessage("no rows to measure on; found train alone; allowed a validation or test file beside it,"
                        + " or data.test_rows to be cut out of it");
    }

    @Test
    void aFileAloneIsCutInThreeByTheSeed() {
        DataInputs inputs = measured(new Rows().with("train", 100).inputs("train", NONE, NONE), 30);

        TaskData data = TaskData.load(inputs, 42, notices::add);

        assertThat(data.test()).hasSize(30);
        assertThat(data.validation()).hasSize(7);
        assertThat(data.train()).hasSize(63);
        assertThat(Stream.of(data.train(), data.validation(), data.test()).flatMap(part -> lines(part).stream()))
                .doesNotHaveDuplicates();
        assertThat(notices).isEmpty();
    }

    @Test
    void measuringOnEverythingIsRefused() {
        DataInputs inputs = measured(new Rows().with("train", 100).inputs("train", NONE, NONE), 100);

        assertThatThrownBy(() -> TaskData.load(inputs, 42, notices::add))
                .isInstanceOf(CpetException.class)
                .hasMessage("data.test_rows; found 100; allowed below 100, the rows of train");
    }

    @Test
    void rowsToMeasureOnAreNotCutBesideAFileOfThem() {
        DataInputs inputs =
                measured(new Rows().with("train", 100).with("dev", 20).inputs("train", Optional.of("dev"), NONE), 30);

        assertThat(TaskData.load(inputs, 42, notices::add).test()).hasSize(20);
        assertThat(notices).containsExactly("data.test_rows changes nothing: dev is measured on");
    }

    @Test
    void withoutTrainingTheMeasuredRowsSayWhichLabelsThereAre() {
        Rows rows = new Rows().with("dev", 20);
        DataInputs inputs = new DataInputs(
                rows,
                derived("text", "label"),
                Optional.empty(),
                Optional.of(Path.of("dev")),
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());

        TaskData data = TaskData.load(inputs, 42, notices::add);

        assertThat(data.train()).isEmpty();
        assertThat(data.validation()).isEmpty();
        assertThat(data.test()).hasSize(20);
        assertThat(data.labels().orElseThrow().names()).containsExactly("no", "yes");
    }

    @Test
    void aTestFileWithoutLabelsIsPassedOver() {
        Path test = Path.of("test");
        Rows rows = new Rows().with("train", 100).with("dev", 20).with(List.of(Rows.row(test, 2, "text", "a")));

        TaskData data = TaskData.load(rows.inputs("train", Optional.of("dev"), Optional.of("test")), 42, notices::add);

        assertThat(data.test()).hasSize(20);
        assertThat(data.validation()).hasSize(10);
        assertThat(notices).containsExactly("test: no field 'label'; measuring on dev instead");
    }

    @Test
    void theCutFollowsTheSeed() {
        Rows rows = new Rows().with("train", 100).with("dev", 20);
        DataInputs inputs = rows.inputs("train", Optional.of("dev"), NONE);

        TaskData first = TaskData.load(inputs, 1, notices::add);

        assertThat(TaskData.load(inputs, 1, notices::add)).isEqualTo(first);
        assertThat(TaskData.load(inputs, 2, notices::add).validation()).isNotEqualTo(first.validation());
    }

    @Test
    void aLimitTakesASampleThatIsNotTheBeginning() {
        DataInputs all = new Rows().with("train", 1_000).with("dev", 20).inputs("train", Optional.of("dev"), NONE);

        TaskData data = TaskData.load(limited(all, Optional.of(200), Optional.empty()), 42, notices::add);

        assertThat(data.train()).hasSize(200);
        assertThat(data.validation()).hasSize(20);
        assertThat(data.train().get(199).line()).isGreaterThan(500);
    }

    @Test
    void aThousandRowsAreTheMostThatAreCutByItself() {
        DataInputs all = new Rows().with("train", 12_000).with("dev", 20).inputs("train", Optional.of("dev"), NONE);

        assertThat(TaskData.load(all, 42, notices::add).validation()).hasSize(1_000);
        assertThat(TaskData.load(limited(all, Optional.empty(), Optional.of(1_500)), 42, notices::add)
                        .validation())
                .hasSize(1_500);
    }

    @Test
    void cuttingEverythingOutIsRefused() {
        DataInputs all = new Rows().with("train", 100).with("dev", 20).inputs("train", Optional.of("dev"), NONE);

        assertThatThrownBy(() -> TaskData.load(limited(all, Optional.empty(), Optional.of(100)), 42, notices::add))
                .isInstanceOf(CpetException.class)
                .hasMessage("data.validation_rows; found 100; allowed below 100, the rows of train")
                .satisfies(e -> assertThat(((CpetException) e).exitCode()).isEqualTo(ExitCode.RECIPE));
    }

    @Test
    void aCutThatIsNotNeededIsSaidToChangeNothing() {
        DataInputs all = new Rows()
                .with("train", 100)
                .with("dev", 20)
                .with("test", 30)
                .inputs("train", Optional.of("dev"), Optional.of("test"));

        TaskData.load(limited(all, Optional.empty(), Optional.of(10)), 42, notices::add);

        assertThat(notices)
                .containsExactly(
                        "data.validation_rows changes nothing: dev chooses the best epoch and test is measured on");
    }

    @Test
    void labelsWithoutATemplateAreThoseOfTheTrainingRowsInNumericOrder() {
        Path train = Path.of("train");
        List<Object> values = List.of(10L, 2L, 2L, 10L, 1L);
        Rows rows = new Rows()
                .with(IntStream.range(0, 30)
                        .mapToObj(i -> Rows.row(train, i + 1, "text", "t" + i, "label", values.get(i % 5)))
                        .toList())
                .with(List.of(Rows.row(Path.of("dev"), 1, "text", "t", "label", 3L)));
        DataInputs template = rows.inputs("train", Optional.of("dev"), NONE);
        DataInputs derived = new DataInputs(
                rows,
                derived("text", "label"),
                template.train(),
                template.validation(),
                template.test(),
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());

        assertThatThrownBy(() -> TaskData.load(derived, 42, notices::add))
                .isInstanceOf(InputException.class)
                .hasMessage("dev:1: label; found '3'; allowed '1', '2', '10'");
        assertThat(notices).containsExactly("train: labels '1' (6 rows), '2' (12 rows), '10' (12 rows)");
    }

    private static RowMeaning derived(String text, String label) {
        return RowMeaning.of(
                new FieldNames(Optional.of(List.of(text)), Optional.of(label), Optional.empty(), Optional.empty()),
                "rows");
    }

    private static DataInputs limited(DataInputs all, Optional<Integer> maxTrainRows, Optional<Integer> validation) {
        return new DataInputs(
                all.reader(),
                all.meaning(),
                all.train(),
                all.validation(),
                all.test(),
                false,
                maxTrainRows,
                validation,
                Optional.empty());
    }

    private static DataInputs measured(DataInputs all, int testRows) {
        return new DataInputs(
                all.reader(),
                all.meaning(),
                all.train(),
                all.validation(),
                all.test(),
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.of(testRows));
    }

    private static List<Long> lines(List<Example> examples) {
        return examples.stream().map(Example::line).toList();
    }
}
