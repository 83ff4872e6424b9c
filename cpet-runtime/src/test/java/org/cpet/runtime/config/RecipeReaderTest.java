package org.cpet.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.cpet.runtime.config.ConfigNode.Scalar;
import org.cpet.spi.ExitCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecipeReaderTest {
    @TempDir
    Path folder;

    @Test
    void everyKeyAndValueHasItsPlaceAndItsText() {
        ConfigTree tree = read("pet:\n  r: 8 # rank\n  names: [\"a\\tb\", 'c', 010]\n");

        assertThat(tree.root().keyPlace("pet")).hasToString("r.yaml:1:1");
        assertThat(tree.find("pet.r")).contains(new Scalar(new Place("r.yaml", 2, 6), "8", "8", true));
        assertThat(tree.find("pet.names.0"))
                .contains(new Scalar(new Place("r.yaml", 3, 11), "\"a\\tb\"", "a\tb", false));
        assertThat(tree.find("pet.names.1")).contains(new Scalar(new Place("r.yaml", 3, 19), "'c'", "c", false));
        assertThat(tree.find("pet.names.2")).contains(new Scalar(new Place("r.yaml", 3, 24), "010", "010", true));
        assertThat(tree.find("pet.names").orElseThrow().raw()).isEqualTo("[\"a\\tb\", 'c', 010]");
        assertThat(tree.place("pet.names.7.x")).hasToString("r.yaml:3:10");
        assertThat(tree.place("recovery.r")).hasToString("r.yaml:1:1");
    }

    @Test
    void columnsCountCharactersNotBytes() {
        assertThat(read("\uFEFF{é𝓜: 1, b: 2}").place("b")).hasToString("r.yaml:1:12");
    }

    @Test
    void emptyRecipesAreRefused() {
        String message = "r.yaml:1:1: the recipe is empty; allowed keys with values, as name: value\n1 problem";

        for (String text : List.of("", "  \n", "# a comment\n", "---\n", "--- null\n", "~", "\uFEFF")) {
            assertThat(refused(text)).as(text).hasMessage(message);
        }
    }

    @Test
    void aRecipeOfAnotherShapeIsRefused() {
        assertThat(refused("- a\n- b\n"))
                .hasMessage("r.yaml:1:1: the recipe is not a section; found a list;"
                        + " allowed keys with values, as name: value\n1 problem");
        assertThat(refused("just words"))
                .hasMessage("r.yaml:1:1: the recipe is not a section; found just words;"
                        + " allowed keys with values, as name: value\n1 problem");
    }

    @Test
    void anchorsAliasesMergeKeysAndTagsAreProblemsTogether() {
        assertThat(problems("""
                        a: &base {x: 1}
                        b: *base
                        c:
                          <<: *base
                        d: !!str 5
                        e: !java.lang.Runtime []
                        """))
                .containsExactly(
                        "r.yaml:1:4: anchors are not allowed; found &base; allowed the value alone",
                        "r.yaml:2:4: aliases are not allowed; found *base; allowed the value itself",
                        "r.yaml:4:3: merge keys are not allowed; found <<; allowed the keys themselves",
                        "r.yaml:4:7: aliases are not allowed; found *base; allowed the value itself",
                        "r.yaml:5:4: tags are not allowed; found !!str; allowed the value alone",
                        "r.yaml:6:4: tags are not allowed; found !java.lang.Runtime; allowed the value alone");
    }

    @Test
    void duplicateKeysAreProblems() {
        assertThat(problems("a: 1\npet: {r: 1, 'r': 2}\n\"a\": 3\n"))
                .containsExactly(
                        "r.yaml:2:13: duplicate key 'r' in pet; found r; allowed each key once",
                        "r.yaml:3:1: duplicate key 'a'; found a; allowed each key once");
    }

    @Test
    void aSecondDocumentIsAProblem() {
        assertThat(problems("a: 1\n---\nb: 2\n"))
                .containsExactly("r.yaml:2:1: a second document is not allowed; found ---; allowed one document");
        assertThat(problems("a: 1\n---\n"))
                .containsExactly("r.yaml:2:1: a second document is not allowed; found ---; allowed one document");
        assertThat(problems("---\na: 1\n...\n")).isEmpty();
    }

    @Test
    void directivesAreProblems() {
        assertThat(problems("%YAML 1.1\n---\na: 1\n"))
                .containsExactly(
                        "r.yaml:1:1: YAML directives are not allowed; found %YAML; allowed the document alone");
        assertThat(problems("%TAG ! tag:example.com,2000:\n---\na: 1\n"))
                .containsExactly("r.yaml:1:1: tag directives are not allowed; found %TAG; allowed the document alone");
    }

    @Test
    void keysAreTexts() {
        assertThat(problems("? [a, b]\n: 1\n? {c: d}\n: 2\n"))
                .containsExactly(
                        "r.yaml:1:3: a key is not a text; found [a, b]",
                        "r.yaml:3:3: a key is not a text; found {c: d}");
    }

    @Test
    void brokenYamlIsRefusedAtItsPlace() {
        assertThat(refused("a: [1, 2\nb: 3\n"))
                .hasMessage("r.yaml:2:2: not valid YAML:"
                        + " while parsing a flow sequence: expected ',' or ']', but got :\n1 problem");
        assertThat(refused("a:\n\tb: 1\n"))
                .hasMessage(
                        "r.yaml:2:1: not valid YAML: while scanning for the next token:"
                                + " found character '\\t(TAB)' that cannot start any token. (Do not use \\t(TAB) for indentation)\n1 problem");
        assertThat(refused("a: \"\u0000\"\n")).hasMessageStartingWith("r.yaml:1:1: not valid YAML");
    }

    @Test
    void limitsHold() {
        assertThat(refused("a: " + "[".repeat(20) + "]".repeat(20)))
                .hasMessage("r.yaml:1:23: the recipe is nested too deeply; allowed at most 20 levels\n1 problem");
        assertThat(refused("a: [" + "1,".repeat(20_000) + "]"))
                .hasMessage("r.yaml:1:39995: the recipe is too large; allowed at most 20000 tokens\n1 problem");
        assertThat(refused("a: " + "x".repeat(64 * 1024 + 1)))
                .hasMessage("r.yaml:1:4: the text is too long; allowed at most 65536 characters\n1 problem");
        assertThat(refused("k".repeat(257) + ": 1"))
                .hasMessage("r.yaml:1:1: the key is too long; allowed at most 256 characters\n1 problem");
        assertThat(refused("a: 1\n" + "#".repeat(256 * 1024)))
                .hasMessage("r.yaml: the recipe is too large; allowed at most 262144 bytes\n1 problem");
    }

    @Test
    void filesThatCannotBeReadAreRefused() throws IOException {
        Path absent = folder.resolve("absent.yaml");
        Path latin = Files.write(folder.resolve("latin.yaml"), new byte[] {'a', ':', ' ', (byte) 0xE9});
        Path large = Files.write(folder.resolve("large.yaml"), new byte[300_000]);

        assertThat(refused(absent)).hasMessage(absent + ": the recipe file does not exist\n1 problem");
        assertThat(refused(folder))
                .hasMessage(folder + ": the recipe file cannot be read: it is a directory\n1 problem");
        assertThat(refused(latin)).hasMessage(latin + ": the recipe is not valid UTF-8\n1 problem");
        assertThat(refused(large))
                .hasMessage(large + ": the recipe is too large; allowed at most 262144 bytes\n1 problem");
    }

    private ConfigTree read(String text) {
        return new RecipeReader(new Problems()).read("r.yaml", folder, text);
    }

    private List<String> problems(String text) {
        Problems problems = new Problems();
        new RecipeReader(problems).read("r.yaml", folder, text);
        return problems.sorted().stream().map(Problem::toString).toList();
    }

    private RecipeException refused(String text) {
        RecipeException refused = catchThrowableOfType(RecipeException.class, () -> read(text));
        assertThat(refused.exitCode()).isEqualTo(ExitCode.RECIPE);
        return refused;
    }

    private RecipeException refused(Path file) {
        return catchThrowableOfType(RecipeException.class, () -> new RecipeReader(new Problems()).read(file));
    }
}
