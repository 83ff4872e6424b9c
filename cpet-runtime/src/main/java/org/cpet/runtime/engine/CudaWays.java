package org.cpet.runtime.engine;

import com.google.common.base.Strings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The ways to a libtorch that computes on NVIDIA GPUs, each with what was found of it here and what is left to do. Looks
 * at files and environment variables only; no driver and no library is loaded.
 *
 * @param root where the system's files lie; {@code /} but in tests
 * @param environment variables by name
 * @param resources whether the class path holds a file
 */
public record CudaWays(Path root, Map<String, String> environment, Predicate<String> resources) {
    /** The libtorch that DJL's JNI library of this release was compiled for. */
    public static final String OWN_TORCH = "2.7.1";

    private static final String OWN_FLAVOR = "cu128";
    private static final Pattern VERSION = Pattern.compile("__version__ = '([0-9.]+)(?:\\+(\\w+))?'");
    private static final String JNI = "libdjl_torch.so";

    public CudaWays {
        environment = Map.copyOf(environment);
    }

    /** Of this process. */
    public static CudaWays ofProcess() {
        ClassLoader loader = CudaWays.class.getClassLoader();
        return new CudaWays(Path.of("/"), System.getenv(), name -> loader.getResource(name) != null);
    }

    /** One sentence each: the driver, the libtorch in use, then the three ways. */
    public List<String> sentences() {
        List<String> found = new ArrayList<>();
        found.add(
                Files.exists(root.resolve("proc/driver/nvidia/version"))
                        ? "NVIDIA driver: found"
                        : "NVIDIA driver: not found; without it no libtorch sees a GPU");
        found.add(download());
        List<Path> installed = installed();
        installed.forEach(torch -> found.add(pip(torch)));
        if (installed.isEmpty()) {
            found.add(
                    "torch of pip: none found in PYTORCH_LIBRARY_PATH, VIRTUAL_ENV or CONDA_PREFIX; pip install torch=="
                            + OWN_TORCH + " and set PYTORCH_LIBRARY_PATH to its lib folder, see docs/gpu.md");
        }
        return found;
    }

    private String download() {
        Path cache = Path.of(environment.getOrDefault(
                        "DJL_CACHE_DIR", environment.getOrDefault("HOME", root.toString()) + "/.djl.ai"))
                .resolve("pytorch");
        return list(cache)
                .filter(folder ->
                        name(folder).startsWith(OWN_TORCH) && name(folder).contains("-cu"))
                .findFirst()
                .map(folder ->
                        "DJL's download: found in " + folder + "; leave pytorch-native-cpu out of the class path")
                .orElse("DJL's download: none in " + cache + "; made only when asked for, see docs/gpu.md");
    }

    /** What a Python installation of torch lacks. */
    private String pip(Path torch) {
        String text = read(torch.resolve("version.py"));
        Matcher version = VERSION.matcher(text);
        if (!version.find()) {
            return "torch in " + torch + ": its version.py names no version";
        }
        String number = version.group(1);
        Path libraries = torch.resolve("lib");
        if (!Files.exists(libraries.resolve("libtorch_cuda.so"))) {
            return "torch " + number + " in " + torch + ": a CPU build; allowed one with libtorch_cuda.so";
        }
        String flavor = Optional.ofNullable(version.group(2)).orElse(OWN_FLAVOR);
        boolean fits = number.equals(OWN_TORCH) && resources.test("jnilib/linux-x86_64/" + flavor + "/" + JNI);
        if (!fits && !Files.exists(libraries.resolve(JNI))) {
            return "torch " + number + " (" + flavor + ") in " + torch + ": DJL's JNI library is missing for it; run"
                    + " integration-tests/gpu/build-jni.sh " + torch + " and then set PYTORCH_LIBRARY_PATH="
                    + libraries;
        }
        return "torch " + number + " (" + flavor + ") in " + torch
                + (libraries.toString().equals(environment.get("PYTORCH_LIBRARY_PATH"))
                        ? ": in use"
                        : ": ready; set PYTORCH_LIBRARY_PATH=" + libraries);
    }

    private List<Path> installed() {
        Stream<Path> named = Stream.ofNullable(Strings.emptyToNull(environment.get("PYTORCH_LIBRARY_PATH")))
                .flatMap(folder -> Stream.ofNullable(Path.of(folder).getParent()));
        Stream<Path> environments = Stream.of("VIRTUAL_ENV", "CONDA_PREFIX")
                .flatMap(name -> Stream.ofNullable(Strings.emptyToNull(environment.get(name))))
                .flatMap(folder -> list(Path.of(folder).resolve("lib")))
                .filter(folder -> name(folder).startsWith("python"))
                .map(folder -> folder.resolve("site-packages/torch"));
        return Stream.concat(named, environments)
                .filter(torch -> Files.isReadable(torch.resolve("version.py")))
                .distinct()
                .toList();
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }

    private static Stream<Path> list(Path folder) {
        if (!Files.isDirectory(folder)) {
            return Stream.empty();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
