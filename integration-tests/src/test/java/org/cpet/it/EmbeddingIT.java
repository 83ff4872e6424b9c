package org.cpet.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cpet.it.support.CpetProcess;
import org.cpet.it.support.TinyModel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A host program on a class path without the command line's libraries. */
class EmbeddingIT {
    /** Heap taken at once and the small compiler alone: left to itself, the JVM takes and gives back some 30 MiB. */
    private static final List<String> STILL = List.of("-Xms256m", "-XX:+AlwaysPreTouch", "-XX:TieredStopAtLevel=1");

    @TempDir
    Path folder;

    @BeforeEach
    void write() throws IOException {
        TinyModel.write(folder);
        Files.writeString(folder.resolve("recipe.yaml"), TinyModel.recipe());
    }

    @Test
    void theWholeLifeOfARun() throws Exception {
        List<String> lines = host("life");

        assertThat(lines)
                .contains("rows 5 5", "predicted good", "cancelled INTERRUPTED")
                .anyMatch(line -> line.startsWith("refused RECIPE ") && line.contains("pet.r"))
                .noneMatch(line -> line.equals("steps 0"));
    }

    @Test
    void twoRunsInOneProcessGiveTheBytesOfTwoProcesses() throws Exception {
        host("life");
        host("run", "alone");

        for (String file : List.of("adapter/adapter_model.safetensors", "adapter/recovery.safetensors")) {
            byte[] first = Files.readAllBytes(folder.resolve("first").resolve(file));
            assertThat(Files.readAllBytes(folder.resolve("second").resolve(file)))
                    .as(file)
                    .isEqualTo(first);
            assertThat(Files.readAllBytes(folder.resolve("alone").resolve(file)))
                    .as(file)
                    .isEqualTo(first);
        }
    }

    @Test
    void twentyCyclesKeepResidentMemoryFlat() throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/self/status")), "resident memory is read from /proc");
        List<Long> resident = host(STILL, "cycles", "20").stream()
                .filter(line -> line.startsWith("resident "))
                .map(line -> Long.parseLong(line.substring("resident ".length())))
                .toList();

        assertThat(resident).hasSize(20);
        // the first cycles load libtorch and warm the JVM; a cycle that kept 1 MiB would add 7 between the two halves,
        // and what the JVM itself still moves is 2
        long before = Collections.min(resident.subList(7, 13));
        long after = Collections.min(resident.subList(14, 20));
        assertThat(after - before).as(resident.toString()).isLessThan(6 << 10);
    }

    private List<String> host(String... arguments) throws Exception {
        return host(List.of(), arguments);
    }

    private List<String> host(List<String> settings, String... arguments) throws Exception {
        Path out = folder.resolve("host.txt");
        Path err = folder.resolve("host-err.txt");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-Dguice_bytecode_gen_option=DISABLED"));
        command.addAll(settings);
        command.addAll(List.of("-cp", classPath(), HostProgram.class.getName(), folder.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        // one arena of the allocator: with several, what a thread frees is often another thread's to take
        builder.environment().put("MALLOC_ARENA_MAX", "1");
        Process process = builder.start();
        assertThat(process.waitFor(10, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(err)).isZero();
        return Files.readAllLines(out);
    }

    /** The distribution without what the command line alone needs, and this program. */
    private static String classPath() throws IOException {
        String jars = Stream.of(CpetProcess.classPath(List.of()).split(":"))
                .filter(jar -> !jar.matches(".*/(picocli|logback-[a-z]+|progressbar|jline-[a-z]+)-[^/]*\\.jar"))
                .collect(Collectors.joining(":"));
        return jars + ":" + Path.of("target", "test-classes").toAbsolutePath();
    }
}
