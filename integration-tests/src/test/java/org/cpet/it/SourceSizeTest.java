package org.cpet.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Files stay small enough to read in one go. */
class SourceSizeTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    @Test
    void mainFilesAreSmall() throws IOException {
        List<Path> files = mainFiles();
        List<Long> lines = files.stream().map(SourceSizeTest::lines).sorted().toList();

        assertThat(files).hasSizeGreaterThan(150);
        assertThat(files)
                .allSatisfy(file -> assertThat(lines(file)).as(file.toString()).isLessThanOrEqualTo(400));
        assertThat(lines.get(lines.size() / 2)).as("median").isLessThanOrEqualTo(80);
        assertThat(lines.get(lines.size() * 9 / 10)).as("p90").isLessThanOrEqualTo(250);
    }

    @Test
    void theAlgorithmFitsOnAPage() {
        Path page = ROOT.resolve("cpet-runtime/src/main/java/org/cpet/runtime/train/InheritThenRecover.java");

        assertThat(lines(page)).isLessThanOrEqualTo(100);
    }

    private static List<Path> mainFiles() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(file -> file.toString().endsWith(".java")
                            && file.toString().contains("/src/main/")
                            && !file.toString().contains("/target/"))
                    .toList();
        }
    }

    private static long lines(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
