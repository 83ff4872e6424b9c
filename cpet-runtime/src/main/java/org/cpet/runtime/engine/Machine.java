package org.cpet.runtime.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a measurement of kernels holds for.
 *
 * @param processor the CPU's name, or the architecture where the system does not tell
 * @param features instruction sets that matter to matrix products
 * @param device cpu or cuda:N
 * @param threads of one operation
 * @param libtorch its version
 */
public record Machine(String processor, List<String> features, String device, int threads, String libtorch) {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
    private static final Set<String> KNOWN = Set.of(
            "avx2",
            "fma",
            "avx512f",
            "avx512_vnni",
            "avx_vnni",
            "avx512_bf16",
            "amx_tile",
            "amx_int8",
            "amx_bf16",
            "asimddp",
            "i8mm",
            "bf16",
            "sve");

    public Machine {
        features = List.copyOf(features);
    }

    /** This machine. */
    static Machine here(String device, int threads, String libtorch) {
        String architecture = System.getProperty("os.arch", "unknown");
        List<String> lines = cpuInfo();
        return new Machine(
                value(lines, "model name", architecture),
                features(value(lines, "flags", value(lines, "Features", ""))),
                device,
                threads,
                libtorch);
    }

    private static List<String> cpuInfo() {
        try {
            return Files.isReadable(CPU_INFO) ? Files.readAllLines(CPU_INFO) : List.of();
        } catch (IOException e) {
            return List.of(); // a machine without a readable list of features is measured all the same
        }
    }

    private static String value(List<String> lines, String key, String missing) {
        return lines.stream()
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse(missing);
    }

    private static List<String> features(String flags) {
        TreeSet<String> found = new TreeSet<>(List.of(flags.split(" ", -1)));
        found.retainAll(KNOWN);
        return List.copyOf(found);
    }
}
