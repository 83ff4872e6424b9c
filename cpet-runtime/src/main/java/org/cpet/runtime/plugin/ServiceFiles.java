package org.cpet.runtime.plugin;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;

/** What the service files announce, read without loading a class. */
final class ServiceFiles {
    private static final String FOLDER = "META-INF/services/";

    private final Map<Path, Path> named = new LinkedHashMap<>();
    private final Map<Path, Origin> origins = new LinkedHashMap<>();
    private final Map<Kind, Map<String, Origin>> announced = new LinkedHashMap<>();

    private ServiceFiles(List<Path> jars) {
        jars.forEach(jar -> named.put(jar.toAbsolutePath().normalize(), jar));
    }

    /**
     * Every service file of every kind that the loader finds.
     *
     * @param jars readable dropped jars, which keep the names the user gave them
     */
    static ServiceFiles read(ClassLoader loader, List<Path> jars) {
        ServiceFiles files = new ServiceFiles(jars);
        jars.forEach(jar -> files.origins.put(jar, Origin.of(jar)));
        for (Kind kind : Kind.values()) {
            files.read(loader, kind);
        }
        return files;
    }

    /** The dropped jars, and the jars and directories of the class path that announce something. */
    Collection<Origin> origins() {
        return origins.values();
    }

    /** Class names of a kind's providers with where they were announced first, in the loader's order. */
    Map<String, Origin> announced(Kind kind) {
        return announced.getOrDefault(kind, Map.of());
    }

    private void read(ClassLoader loader, Kind kind) {
        String name = FOLDER + kind.serviceType().getName();
        try {
            for (URL url : Collections.list(loader.getResources(name))) {
                Origin origin = Origin.holding(url, name)
                        .map(path -> origins.computeIfAbsent(named.getOrDefault(path, path), Origin::of))
                        .orElseGet(Origin::elsewhere);
                Map<String, Origin> names = announced.computeIfAbsent(kind, key -> new LinkedHashMap<>());
                classNames(url).forEach(className -> names.putIfAbsent(className, origin));
            }
        } catch (IOException e) {
            throw new CpetException(ExitCode.PLUGIN, "service files " + name + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static List<String> classNames(URL url) throws IOException {
        List<String> names = new ArrayList<>();
        URLConnection connection = url.openConnection();
        // a cached connection would keep the jar open after the catalog is closed
        connection.setUseCaches(false);
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                int comment = line.indexOf('#');
                String className = (comment < 0 ? line : line.substring(0, comment)).strip();
                if (!className.isEmpty()) {
                    names.add(className);
                }
            }
        }
        return names;
    }
}
