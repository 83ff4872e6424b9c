package org.cpet.it.support;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs the built distribution as a user does: a JVM of its own on {@code target/cpet/lib}. */
public final class CpetProcess {
    /** The checkout. */
    public static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    private static final long LIMIT_MINUTES = 20;

    private final int exitCode;
    private final String out;
    private final String err;

    private CpetProcess(int exitCode, String out, String err) {
        this.exitCode = exitCode;
        this.out = out;
        this.err = err;
    }

    /** Runs {@code cpet arguments...} in {@code folder} and waits for it. */
    public static CpetProcess run(Path folder, String... arguments) {
        return run(folder, Map.of(), List.of(), arguments);
    }

    /** The same with environment variables and jars in front of the class path. */
    public static CpetProcess run(Path folder, Map<String, String> environment, List<Path> jars, String... arguments) {
        try {
            Path out = Files.createTempFile(folder, "out", ".txt");
            Path err = Files.createTempFile(folder, "err", ".txt");
            Process process = start(folder, environment, jars, out, err, arguments);
            if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AssertionError("cpet " + String.join(" ", arguments) + " ran past its limit");
            }
            CpetProcess done = new CpetProcess(process.exitValue(), Files.readString(out), Files.readString(err));
            Files.delete(out);
            Files.delete(err);
            return done;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Starts a process that the test itself ends. */
    public static Process start(
            Path folder, Map<String, String> environment, List<Path> jars, Path out, Path err, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-Dguice_bytecode_gen_option=DISABLED",
                "-Dai.djl.offline=true",
                "-Dai.djl.pytorch.num_interop_threads=1",
                "-cp",
                classPath(jars),
                "org.cpet.runtime.cli.Main"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().put("OPT_OUT_TRACKING", "true");
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** The distribution's class path, with {@code jars} in front. */
    public static String classPath(List<Path> jars) throws IOException {
        try (Stream<Path> files = Files.list(ROOT.resolve("target/cpet/lib"))) {
            return Stream.concat(jars.stream(), files.sorted())
                    .map(Path::toString)
                    .collect(Collectors.joining(":"));
        }
    }

    public int exitCode() {
        return exitCode;
    }

    /** Standard output. */
    public String out() {
        return out;
    }

    /** Standard error. */
    public String err() {
        return err;
    }

    /** Standard error's lines without notes. */
    public List<String> errors() {
        return err.lines().filter(line -> !line.startsWith("note: ")).toList();
    }

    /** Standard output as the one JSON document it must be. */
    public JsonNode json() {
        return JsonMapper.shared().readTree(out.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return "exit " + exitCode + "\n--- out\n" + out + "--- err\n" + err;
    }
}
