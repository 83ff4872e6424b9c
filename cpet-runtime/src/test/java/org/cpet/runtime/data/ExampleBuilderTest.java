package org.cpet.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.cpet.runtime.recipe.DataSection.FieldNames;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.InputException;
import org.cpet.spi.data.Example;
import org.cpet.spi.data.Row;
import org.cpet.spi.data.TaskFields;
import org.cpet.spi.data.TaskFields.LabelWord;
import org.junit.jupiter.api.Test;

class ExampleBuilderTest {
    private static final Path FILE = Path.of("copa.jsonl");

    private final List<String> notices = new ArrayList<>();

    @Test
    void aFieldThatARowLacksIsNamed() {
        refuses(
                "copa.jsonl:3: field 'choice' is missing; found premise, label",
                row(1, "premise", "a", "choice", "b", "label", 0L),
                row(3, "premise", "a", "label", 0L));
    }

    @Test
    void aFieldThatNoRowHasIsNamedOnceWithTheNearest() {
        refuses(
                "copa.jsonl:1: no field 'choice'; found 'choise', 'label', 'premise'; did you mean choise?",
                row(2, "premise", "a", "choise", "b", "label", 0L),
                row(3, "premise", "a", "choise", "b", "label", 0L));
    }

    @Test
    void aLabelThatIsNoClassIsNamed() {
        refuses("copa.jsonl:2: label; found '7'; allowed '0', '1'", row(2, "premise", "a", "choice", "b", "label", 7L));
    }

    @Test
    void aLabelOfAnotherTypeThanTheFirstIsNamed() {
        refuses(
                "copa.jsonl:4: field 'label' is a text; found '1'; allowed a whole number, as on line 3",
                row(3, "premise", "a", "choice", "b", "label", 1L),
                row(4, "premise", "a", "choice", "b", "label", "1"));
    }

    @Test
    void aNullLabelIsNamed() {
        refuses(
                "copa.jsonl:1: field 'label' is null; allowed a value",
                row(1, "premise", "a", "choice", "b", "label", Optional.empty()));
    }

    @Test
    void aLabelWithSpacesIsNotTrimmed() {
        refuses(
                "copa.jsonl:1: label with spaces around it or empty; found '1 '",
                row(1, "premise", "a", "choice", "b", "label", "1 "));
    }

    @Test
    void aFractionIsNoClass() {
        refuses(
                "copa.jsonl:1: field 'label' is a number; found 0.5; allowed a text, a whole number, or true or false",
                row(1, "premise", "a", "choice", "b", "label", 0.5));
    }

    @Test
    void aTextThatIsANumberIsNamed() {
        refuses(
                "copa.jsonl:1: field 'choice' is a whole number; found 3; allowed a text",
                row(1, "premise", "a", "choice", 3L, "label", 0L));
    }

    @Test
    void anEmptyTextIsNamed() {
        refuses(
                "copa.jsonl:3: field 'choice' is empty; allowed text",
                row(3, "premise", "a", "choice", "", "label", 0L));
    }

    @Test
    void blankTextsAreReadAndReported() {
        List<Example> examples = build(
                row(3, "premise", "  ", "choice", "b", "label", 0L),
                row(4, "premise", "a", "choice", "\t", "label", 1L));

        assertThat(examples)
                .containsExactly(
                        new Example(FILE, 3, List.of("  ", "b"), "0"), new Example(FILE, 4, List.of("a", "\t"), "1"));
        assertThat(notices).containsExactly("copa.jsonl:3: field 'premise' is blank; 1 more texts are");
    }

    @Test
    void completionsAreTexts() {
        RowMeaning meaning = RowMeaning.of(
                new FieldNames(Optional.empty(), Optional.empty(), Optional.of("ask"), Optional.of("say")), "jsonl");

        List<Example> examples = new ExampleBuilder(meaning, notices::add)
                .build(List.of(row(1, "ask", "why?", "say", " because")), Optional.empty());

        assertThat(examples).containsExactly(new Example(FILE, 1, List.of("why?"), " because"));
        assertThat(meaning.fields().promptOf(List.of("why?"))).isEqualTo("why?");
    }

    @Test
    void halfAPairOfFieldNamesIsRefused() {
        assertThatThrownBy(() -> RowMeaning.of(
                        new FieldNames(Optional.of(List.of("a")), Optional.empty(), Optional.of("b"), Optional.empty()),
                        "jsonl"))
                .isInstanceOf(CpetException.class)
                .hasMessage("data.fields needs either 'text' and 'label', or 'prompt' and 'completion'")
                .satisfies(e -> assertThat(((CpetException) e).exitCode()).isEqualTo(ExitCode.RECIPE));
    }

    @Test
    void labelsThatAreFreeTextAreRefused() {
        List<Example> train = IntStream.range(0, 60)
                .mapToObj(i -> new Example(FILE, i, List.of("t"), "answer " + i))
                .toList();

        assertThatThrownBy(() -> ClassLabels.of(train, "label", notices::add))
                .isInstanceOf(InputException.class)
                .hasMessage("copa.jsonl: field 'label' has 60 different values in 60 rows; allowed classes;"
                        + " free text belongs to {prompt, completion}");
    }

    @Test
    void oneLabelAloneIsRefused() {
        List<Example> train = List.of(new Example(FILE, 1, List.of("t"), "yes"));

        assertThatThrownBy(() -> ClassLabels.of(train, "label", notices::add))
                .hasMessage("copa.jsonl: field 'label' has one value; found 'yes'; allowed at least two classes");
    }

    private void refuses(String message, Row... rows) {
        assertThatThrownBy(() -> build(rows)).isInstanceOf(InputException.class).hasMessage(message);
    }

    private List<Example> build(Row... rows) {
        TaskFields fields = new TaskFields(
                "jsonl",
                List.of("premise", "choice"),
                "label",
                List.of(new LabelWord("0", "first"), new LabelWord("1", "second")),
                "{0} {1}");
        return new ExampleBuilder(RowMeaning.of(fields), notices::add)
                .build(List.of(rows), Optional.of(new ClassLabels(fields.labels())));
    }

    private static Row row(long line, Object... keysAndValues) {
        return Rows.row(FILE, line, keysAndValues);
    }
}
