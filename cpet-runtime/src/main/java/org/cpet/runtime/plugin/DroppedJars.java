package org.cpet.runtime.plugin;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;

/** The jars that a user dropped, and the one class loader that sees them all. */
final class DroppedJars {
    private DroppedJars() {}

    /** Jars as they are, the jars directly in directories by name, and directories of classes as they are. */
    static List<Path> list(List<Path> jarsOrDirectories) {
        List<Path> jars = new ArrayList<>();
        for (Path path : jarsOrDirectories) {
            if (!Files.exists(path)) {
                throw new CpetException(ExitCode.PLUGIN, path + " does not exist; allowed a plugin jar or directory");
            }
            if (Files.isDirectory(path) && !Files.isDirectory(path.resolve("META-INF"))) {
                jars.addAll(in(path));
            } else {
                jars.add(path);
            }
        }
        return jars.stream().distinct().toList();
    }

    /** The first reason why a jar cannot be read; empty for good jars and for directories. */
    static Optional<IOException> damage(Path jar) {
        if (Files.isDirectory(jar)) {
            return Optional.empty();
        }
        try (JarFile file = new JarFile(jar.toFile())) {
            file.getManifest();
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(e);
        }
    }

    static Optional<URLClassLoader> loader(ClassLoader parent, List<Path> jars) {
        if (jars.isEmpty()) {
            return Optional.empty();
        }
        URL[] urls = jars.stream().map(DroppedJars::url).toArray(URL[]::new);
        return Optional.of(new URLClassLoader("cpet-plugins", urls, parent));
    }

    private static List<Path> in(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".jar") && Files.isRegularFile(file))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new CpetException(ExitCode.PLUGIN, directory + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static URL url(Path path) {
        try {
            return path.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new CpetException(ExitCode.PLUGIN, path + " cannot be on a class path: " + e.getMessage(), e);
        }
    }
}
