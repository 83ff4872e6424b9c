package org.cpet.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.cpet.spi.CpetException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecipeReaderFuzzTest {
    private static final int ROUNDS = 20_000;
    private static final List<String> PIECES = List.of(
            "pet",
            ": ",
            "\n",
            "  ",
            "- ",
            "[",
            "]",
            "{",
            "}",
            ",",
            "\"",
            "'",
            "|",
            ">",
            "&a",
            "*a",
            "<<",
            "!!int",
            "!<x>",
            "%TAG ! ",
            "%YAML 1.2",
            "---",
            "...",
            "?",
            "#",
            "\\x",
            "\\u12",
            "\t",
            "\r",
            "010",
            ".nan",
            "1e999",
            "~",
            "é",
            "\uD83D\uDE00",
            "\uD83D",
            "\u0000",
            "\u0085",
            "\u2028",
            "@",
            "`",
            "%zz",
            "|2+",
            "!t%ff");

    @TempDir
    Path folder;

    @Test
    void anyTextIsReadOrRefused() {
        SplittableRandom random = new SplittableRandom(42);
        for (int round = 0; round < ROUNDS; round++) {
            StringBuilder text = new StringBuilder();
            for (int pieces = random.nextInt(30); pieces > 0; pieces--) {
                text.append(PIECES.get(random.nextInt(PIECES.size())));
            }
            readOrRefuse(text.toString());
        }
    }

    @Test
    void anyBytesAreReadOrRefused() throws Exception {
        SplittableRandom random = new SplittableRandom(43);
        byte[] good = "name: a\nmodel: {path: \"m\", task: seq_cls}\ncompression:\n  - int8: {x: [1, 2]}\n"
                .getBytes(StandardCharsets.UTF_8);
        Path file = folder.resolve("recipe.yaml");
        for (int round = 0; round < ROUNDS / 10; round++) {
            byte[] bytes = good.clone();
            for (int change = random.nextInt(4); change >= 0; change--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            Files.write(file, bytes);
            try {
                new RecipeReader(new Problems()).read(file);
            } catch (CpetException e) {
                assertThat(e).hasMessageMatching("(?s)[^\\n]+\\n(.*\\n)?\\d+ problems?");
            }
        }
    }

    private void readOrRefuse(String text) {
        try {
            Problems problems = new Problems();
            new RecipeReader(problems).read("r.yaml", folder, text);
            for (Problem problem : problems.sorted()) {
                assertThat(problem.toString()).doesNotContain("\n");
            }
        } catch (CpetException e) {
            assertThat(e).hasMessageEndingWith(" problem" + (e.getMessage().endsWith("s") ? "s" : ""));
        } catch (RuntimeException | StackOverflowError e) {
            throw new AssertionError("not refused but failed: " + text, e);
        }
    }
}
