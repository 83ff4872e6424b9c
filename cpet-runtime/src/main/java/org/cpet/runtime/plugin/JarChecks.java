package org.cpet.runtime.plugin;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.SpiVersion;

/** What is checked before any plugin class is loaded: the SPI version of each jar, and classes that exist twice. */
final class JarChecks {
    private static final String OUR_FOLDER = "org/cpet/";
    private static final String CLASS = ".class";

    private JarChecks() {}

    /** A line for each jar that was built for another SPI. */
    static List<String> versions(Collection<Origin> origins) {
        List<String> problems = new ArrayList<>();
        for (Origin origin : origins) {
            origin.spiVersion().ifPresent(text -> {
                if (!accepted(text)) {
                    problems.add(origin + " was built for CPET SPI " + text + "; this runtime provides "
                            + SpiVersion.CURRENT);
                }
            });
        }
        return problems;
    }

    private static boolean accepted(String text) {
        try {
            return SpiVersion.CURRENT.accepts(SpiVersion.parse(text));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /**
     * A line for each pair of jars or directories that hold the same class: of all classes of plugins, and of the
     * packages {@code org.cpet} of everything the loader sees.
     */
    static List<String> duplicateClasses(ClassLoader loader, Collection<Path> plugins) {
        Map<Path, Path> roots = new LinkedHashMap<>();
        Set<Path> whole = new LinkedHashSet<>();
        try {
            for (Path plugin : plugins) {
                roots.putIfAbsent(real(plugin), plugin);
                whole.add(real(plugin));
            }
            for (URL url : Collections.list(loader.getResources(OUR_FOLDER))) {
                Origin.holding(url, OUR_FOLDER).ifPresent(path -> roots.putIfAbsent(real(path), path));
            }
            Map<String, Path> seen = new LinkedHashMap<>();
            Map<List<Path>, List<String>> twice = new LinkedHashMap<>();
            for (Map.Entry<Path, Path> root : roots.entrySet()) {
                for (String name : classes(root.getKey(), whole.contains(root.getKey()))) {
                    Path first = seen.putIfAbsent(name, root.getValue());
                    if (first != null) {
                        twice.computeIfAbsent(List.of(first, root.getValue()), pair -> new ArrayList<>())
                                .add(name);
                    }
                }
            }
            return twice.entrySet().stream()
                    .map(pair -> describe(pair.getKey(), pair.getValue()))
                    .toList();
        } catch (IOException e) {
            throw new CpetException(ExitCode.PLUGIN, "plugin jars cannot be read: " + e.getMessage(), e);
        }
    }

    private static String describe(List<Path> pair, List<String> names) {
        String others = names.size() == 1 ? "" : " and " + (names.size() - 1) + " more";
        return "duplicate class " + names.get(0) + others + "; found in " + pair.get(0) + " and " + pair.get(1)
                + "; allowed one of the two";
    }

    private static List<String> classes(Path root, boolean whole) throws IOException {
        return (Files.isDirectory(root) ? files(root) : entries(root))
                .stream()
                        .filter(name -> name.endsWith(CLASS) && !name.startsWith("META-INF/"))
                        .filter(name -> !name.endsWith("module-info.class") && !name.endsWith("package-info.class"))
                        .filter(name -> whole || name.startsWith(OUR_FOLDER))
                        .map(name -> name.substring(0, name.length() - CLASS.length())
                                .replace('/', '.'))
                        .sorted()
                        .toList();
    }

    private static List<String> files(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.map(file -> root.relativize(file).toString().replace('\\', '/'))
                    .toList();
        }
    }

    private static List<String> entries(Path jarFile) throws IOException {
        try (JarFile jar = new JarFile(jarFile.toFile())) {
            return jar.stream().map(JarEntry::getName).toList();
        }
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return path.toAbsolutePath().normalize();
        }
    }
}
