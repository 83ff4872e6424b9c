package org.cpet.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.cpet.it.support.CpetProcess;
import org.cpet.it.support.FreshClone;
import org.cpet.it.support.FreshClone.Done;
import org.cpet.it.support.TinyModel;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the readme tells a user to type, typed in a fresh clone. */
class ReadmeIT {
    private static final Pattern COMMAND = Pattern.compile("(?m)^(?:\\| `)?(\\./cpet [^`\\n]+|mvn [^`\\n]+)");
    private static final String TESTS = "mvn -B verify";

    @TempDir
    static Path folder;

    private static FreshClone clone;
    private static Done first;

    @BeforeAll
    static void buildOnFirstUse() throws IOException {
        clone = FreshClone.at(folder.resolve("clone"));
        first = clone.shell("./cpet run recipes/quickstart.yaml");
    }

    @Test
    void theFirstCommandBuildsQuietlyAndRunsTheMainJob() {
        assertThat(first.exitCode()).as(first.toString()).isZero();
        assertThat(first.err().lines().filter(line -> line.startsWith("cpet: building")))
                .containsExactly("cpet: building (first use or changed sources; log in target/cpet/build.log)");
        assertThat(first.err()).doesNotContain("[INFO]", "WARN");
        assertThat(first.out().lines().map(line -> line.split("  ")[0]))
                .startsWith(
                        "paradigm", "teacher", "compressed as is", "compressed + PET", "inherited, untrained", "CPET");
        assertThat(clone.path().resolve("runs/quickstart/report.html")).isNotEmptyFile();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyOtherCommandWorks(String command) {
        Done done = clone.shell(command);

        assertThat(done.exitCode()).as(done.toString()).isZero();
        assertThat(done.out()).isNotBlank();
        assertThat(done.err()).doesNotContain("building");
    }

    @Test
    void theTestCommandIsTheOneThatContinuousIntegrationCalls() throws IOException {
        assertThat(readme().lines()).contains(TESTS);
        assertThat(Files.readString(CpetProcess.ROOT.resolve(".ci/run"))).contains("mvn -B -ntp verify");
    }

    @Test
    void theRecipeOfTheReadmeIsSound() throws IOException {
        Path models = Files.createDirectories(clone.path().resolve("models"));
        Path data = Files.createDirectories(clone.path().resolve("data/sst2"));
        TinyModel.write(models);
        Files.move(models.resolve("model"), models.resolve("my-encoder"));
        for (String file : List.of("train.tsv", "dev.tsv")) {
            Files.writeString(data.resolve(file), "sentence\tlabel\na fine film\t1\na dull plot\t0\n");
        }
        Files.writeString(clone.path().resolve("sst2.yaml"), block("yaml"));

        Done done = clone.shell("./cpet validate sst2.yaml --set model.init=random --set data.max_length=32");

        assertThat(done.exitCode()).as(done.toString()).isZero();
    }

    @Test
    void theSnippetCompilesAndRuns() throws IOException {
        Files.writeString(clone.path().resolve("Embedded.java"), """
                import java.nio.file.Path;
                import java.util.List;
                import org.cpet.runtime.*;

                class Embedded {
                    private static final System.Logger log = System.getLogger("host");

                    public static void main(String[] arguments) {
                        %s
                        System.out.println(answer);
                    }
                }
                """.formatted(block("java")));

        Done done = clone.shell("\"$JAVA_HOME/bin/javac\" -proc:none -cp 'target/cpet/lib/*' -d embedded Embedded.java"
                + " && \"$JAVA_HOME/bin/java\" -cp 'embedded:target/cpet/lib/*' Embedded");

        assertThat(done.exitCode()).as(done.toString()).isZero();
        // before it, the logging backend that stands on this class path without a configuration
        assertThat(done.out().lines()).last().isIn("yes", "no");
    }

    static Stream<String> commands() throws IOException {
        List<String> commands = new ArrayList<>();
        Matcher matcher = COMMAND.matcher(readme());
        while (matcher.find()) {
            commands.add(matcher.group(1).strip());
        }
        assertThat(commands).hasSizeGreaterThan(8).contains(TESTS);
        return commands.stream().filter(command -> !command.equals(TESTS) && !command.startsWith("./cpet run"));
    }

    private static String block(String language) throws IOException {
        Matcher matcher = Pattern.compile("(?s)```" + language + "\\n(.*?)```").matcher(readme());
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }

    private static String readme() throws IOException {
        return Files.readString(CpetProcess.ROOT.resolve("README.md"));
    }
}
