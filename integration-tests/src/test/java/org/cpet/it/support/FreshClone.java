package org.cpet.it.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The checkout's sources in a new directory, with nothing that was built, and a shell in it. */
public final class FreshClone {
    private static final Set<String> LEFT_OUT = Set.of("target", ".git", "runs", ".idea");
    private static final long LIMIT_MINUTES = 20;

    private final Path path;

    private FreshClone(Path path) {
        this.path = path;
    }

    /** Copies the checkout. */
    public static FreshClone at(Path path) throws IOException {
        copy(CpetProcess.ROOT, path);
        return new FreshClone(path);
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        List<Path> entries;
        try (Stream<Path> found = Files.list(from)) {
            entries = found.toList();
        }
        for (Path entry : entries) {
            String name = entry.getFileName().toString();
            if (Files.isDirectory(entry)) {
                if (!LEFT_OUT.contains(name)) {
                    copy(entry, to.resolve(name));
                }
            } else if (!name.endsWith(".jar")) {
                Files.copy(entry, to.resolve(name), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    public Path path() {
        return path;
    }

    /** What a command ended with. */
    public record Done(String command, int exitCode, String out, String err) {
        @Override
        public String toString() {
            return command + ": exit " + exitCode + "\n--- out\n" + out + "--- err\n" + err;
        }
    }

    /** Types a command there, on the JDK that runs this test, and waits for it. */
    public Done shell(String command) {
        try {
            Path out = Files.createTempFile("out", ".txt");
            Path err = Files.createTempFile("err", ".txt");
            ProcessBuilder builder = new ProcessBuilder("bash", "-c", command)
                    .directory(path.toFile())
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
            // what mvn tells its children of the build that runs this test
            builder.environment().keySet().removeAll(Set.of("MAVEN_PROJECTBASEDIR", "MAVEN_CMD_LINE_ARGS"));
            Process process = builder.start();
            if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                throw new AssertionError(command + " ran past its limit");
            }
            Done done = new Done(
                    command,
                    process.exitValue(),
                    Files.readString(out, StandardCharsets.UTF_8),
                    Files.readString(err, StandardCharsets.UTF_8));
            Files.delete(out);
            Files.delete(err);
            return done;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
