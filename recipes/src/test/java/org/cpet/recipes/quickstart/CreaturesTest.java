package org.cpet.recipes.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.cpet.spi.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CreaturesTest {
    private static final List<String> FILES = List.of(
            "pretraining/train.creatures",
            "pretraining/test.creatures",
            "weights/train.creatures",
            "weights/test.creatures");

    private final List<Question> train = Generated.questions("weights/train.creatures");
    private final List<Question> test = Generated.questions("weights/test.creatures");

    @TempDir
    private Path folder;

    @Test
    void aSeedGivesTheSameQuestionsAsOnTheDayTheBackboneWasTrained() {
        CRC32 sum = new CRC32();

        FILES.forEach(file -> Generated.questions(file)
                .forEach(question -> sum.update(
                        (question.prompt() + "\t" + question.completion() + "\n").getBytes(StandardCharsets.UTF_8))));

        assertThat(Long.toHexString(sum.getValue())).isEqualTo("f92ac42c");
    }

    @Test
    void theTestHasTwoThousandQuestionsThatNoTrainingHas() {
        Set<Set<String>> trained = pairs(train);

        assertThat(test).hasSizeGreaterThanOrEqualTo(2000);
        assertThat(pairs(test)).hasSize(test.size()).doesNotContainAnyElementsOf(trained);
        assertThat(trained).hasSize(train.size());
        assertThat(Collections.disjoint(new HashSet<>(test), Generated.questions("pretraining/train.creatures")))
                .isTrue();
    }

    @Test
    void pretrainingComparesNoTwoCreaturesByWeight() {
        Set<String> names = Set.copyOf(Generated.world().names());

        List<String> compared = FILES.stream()
                .filter(file -> file.startsWith("pretraining"))
                .flatMap(file -> Generated.questions(file).stream())
                .map(Question::prompt)
                .filter(prompt -> named(prompt, names).size() == 2)
                .toList();

        assertThat(compared).hasSizeGreaterThan(20_000).allMatch(prompt -> !prompt.contains("weight"));
    }

    @Test
    void halfOfTheAnswersAreYes() {
        assertThat(yes(train)).isEqualTo(train.size() / 2);
        assertThat(yes(test)).isEqualTo(test.size() / 2);
    }

    @Test
    void answersFollowFromTheFacts() {
        World world = Generated.world();

        assertThat(test).allSatisfy(question -> {
            String[] words = question.prompt().split(" ");
            int left = world.value(Attribute.WEIGHT, world.names().indexOf(words[3]));
            int right = world.value(Attribute.WEIGHT, world.names().indexOf(words[6]));
            assertThat(question.completion()).isEqualTo(left > right ? "yes" : "no");
            assertThat(left).isNotEqualTo(right);
        });
    }

    @Test
    void everyAnswerIsOneWord() {
        assertThat(FILES.stream().flatMap(file -> Generated.questions(file).stream()))
                .allMatch(question -> question.completion().matches("[a-z]+"));
    }

    @Test
    void namesAreDistinctAndTheirNumberIsBounded() {
        World all = new World(World.MOST, 3);

        assertThat(new TreeSet<>(all.names())).hasSize(World.MOST);
    }

    @Test
    void everyLevelIsAsFrequentAsTheOthers() {
        World world = new World(160, 3);

        assertThat(IntStream.range(0, world.size())
                        .boxed()
                        .collect(Collectors.groupingBy(
                                creature -> world.value(Attribute.AGE, creature), Collectors.counting())))
                .hasSize(10)
                .allSatisfy((level, creatures) -> assertThat(creatures).isEqualTo(16));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "kind: weight_pairs, rows: 2 | : missing key 'creatures'",
                "kind: weight_pairs, creatures: 20, seed: 1, rows: 200 | "
                        + ": skip and rows; found 0 and 200; allowed together up to 180, the pairs of different weight",
                "kind: weight_pears, rows: 2 | "
                        + ":1: kind; found weight_pears; allowed pretraining, weight_pairs, same_pairs; did you mean weight_pairs?",
                "kind: same_pairs, creatures: 20, seed: 1, rows: 200 | : missing key 'attribute'",
                "kind: same_pairs, creatures: 20, seed: 1, rows: 2, attribute: wight | "
                        + ":5: attribute; found wight; allowed weight, age, speed, home, food; did you mean weight?",
                "kind: same_pairs, attribute: age, creatures: 20, seed: 1, rows: 30 | "
                        + ": skip and rows; found 0 and 30; allowed together up to 20, twice the pairs of one age",
                "rows: 2, rwos: 3 | "
                        + ":2: unknown key 'rwos'; allowed kind, attribute, creatures, seed, rows, skip; did you mean rows?",
                "rows: 2, rows: 3 | :2: duplicate key 'rows'",
                "kind pretraining | :1: not a line of the form key: value; found 'kind pretraining'",
                "kind: pretraining, creatures: 010 | "
                        + ":2: creatures; found 010; allowed whole numbers from 2 to 960",
                "kind: pretraining, creatures: 961 | "
                        + ":2: creatures; found 961; allowed whole numbers from 2 to 960",
            })
    void aFaultyFileIsRefusedByLine(String lines, String message) throws IOException {
        Path file = Files.writeString(folder.resolve("faulty.creatures"), lines.replace(", ", "\n"));

        assertThatThrownBy(() -> new Creatures().read(file))
                .isInstanceOf(InputException.class)
                .hasMessage(file + message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"age", "speed", "weight"})
    void pairsOfOneKindAreAskedAboutOnceAndHalfOfThemAreAlike(String attribute) {
        List<Question> trained = Generated.questions("same/" + attribute + "/train.creatures");
        List<Question> tested = Generated.questions("same/" + attribute + "/test.creatures");
        World world = Generated.world();

        assertThat(pairs(tested)).hasSize(600).doesNotContainAnyElementsOf(pairs(trained));
        assertThat(pairs(trained)).hasSize(1800);
        assertThat(yes(trained)).isEqualTo(900);
        assertThat(tested).allSatisfy(question -> {
            String[] words = question.prompt().split(" ");
            Attribute compared = Attribute.QUANTITIES.stream()
                    .filter(quantity -> quantity.word().equals(attribute))
                    .findFirst()
                    .orElseThrow();
            boolean same = world.value(compared, world.names().indexOf(words[3]))
                    == world.value(compared, world.names().indexOf(words[7]));
            assertThat(question.completion()).isEqualTo(same ? "yes" : "no");
        });
    }

    private static long yes(List<Question> questions) {
        return questions.stream()
                .filter(question -> question.completion().equals("yes"))
                .count();
    }

    private static Set<Set<String>> pairs(List<Question> questions) {
        Set<String> names = Set.copyOf(Generated.world().names());
        return questions.stream()
                .map(question -> named(question.prompt(), names))
                .collect(Collectors.toSet());
    }

    private static Set<String> named(String prompt, Set<String> names) {
        return List.of(prompt.split(" ")).stream().filter(names::contains).collect(Collectors.toSet());
    }
}
