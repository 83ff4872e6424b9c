package org.cpet.runtime.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.cpet.runtime.Cpet;
import org.cpet.runtime.plugin.PluginCatalog;
import picocli.CommandLine.Option;

/** Where plugin jars are looked for, besides the class path. */
final class Plugins {
    @Option(
            names = "--plugins",
            paramLabel = "DIR",
            description = "a directory with plugin jars, or a jar; may be repeated (default: plugins/ of this clone)")
    private List<Path> given = new ArrayList<>();

    /** The directories to look in. */
    List<Path> directories() {
        if (!given.isEmpty()) {
            return List.copyOf(given);
        }
        String home = System.getProperty("cpet.home");
        Path dropped = Path.of(home == null ? "." : home, "plugins");
        return home != null && Files.isDirectory(dropped) ? List.of(dropped) : List.of();
    }

    /** The public API with these plugins. */
    Cpet.Builder builder() {
        Cpet.Builder builder = Cpet.builder().classLoader(Plugins.class.getClassLoader());
        directories().forEach(builder::plugins);
        return builder;
    }

    /** The catalog; what could not be used is said on standard error. */
    PluginCatalog open() {
        PluginCatalog catalog = PluginCatalog.discover(Plugins.class.getClassLoader(), directories());
        catalog.warnings().forEach(warning -> System.err.println("note: " + warning));
        return catalog;
    }
}
