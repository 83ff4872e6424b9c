package org.cpet.runtime.plugin;

import java.io.IOException;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.cpet.runtime.config.Message;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.SpiVersion;
import org.cpet.spi.compress.CompressorFactory;
import org.cpet.spi.model.BlockFormat;
import org.cpet.spi.model.PackedFormat;

/** Every extension that recipes can name, with where it comes from. Immutable; closing frees the dropped jars. */
public final class PluginCatalog implements AutoCloseable {
    private final ClassLoader loader;
    private final Optional<URLClassLoader> dropped;
    private final Map<Kind, SortedMap<String, PluginEntry>> entries;
    private final List<PluginFailure> failures;
    private final List<Origin> origins;

    private PluginCatalog(
            ClassLoader loader,
            Optional<URLClassLoader> dropped,
            Map<Kind, SortedMap<String, PluginEntry>> entries,
            List<PluginFailure> failures,
            List<Origin> origins) {
        this.loader = loader;
        this.dropped = dropped;
        this.entries = entries;
        this.failures = List.copyOf(failures);
        this.origins = List.copyOf(origins);
    }

    /**
     * Looks at what {@code parent} sees and at dropped jars, on one flat class path.
     *
     * @param jarsOrDirectories jars, directories that hold jars (not in folders of theirs), or directories of classes
     * @throws CpetException with exit code 4 and a line for each: a jar built for another SPI, a class in two jars, two
     *     extensions of one kind and name
     */
    public static PluginCatalog discover(ClassLoader parent, List<Path> jarsOrDirectories) {
        List<Path> jars = new ArrayList<>();
        List<PluginFailure> damaged = new ArrayList<>();
        for (Path jar : DroppedJars.list(jarsOrDirectories)) {
            Origin nameless = new Origin(jar, Optional.empty(), Optional.empty());
            DroppedJars.damage(jar)
                    .ifPresentOrElse(
                            cause -> damaged.add(new PluginFailure(Optional.empty(), "", nameless, cause)),
                            () -> jars.add(jar));
        }
        Optional<URLClassLoader> dropped = DroppedJars.loader(parent, jars);
        ClassLoader loader = dropped.isPresent() ? dropped.get() : parent;
        try {
            return load(loader, dropped, jars, damaged);
        } catch (CpetException e) {
            close(dropped);
            throw e;
        }
    }

    private static PluginCatalog load(
            ClassLoader loader, Optional<URLClassLoader> dropped, List<Path> jars, List<PluginFailure> damaged) {
        ServiceFiles services = ServiceFiles.read(loader, jars);
        List<Path> plugins = services.origins().stream().map(Origin::path).toList();
        List<String> problems = new ArrayList<>(JarChecks.versions(services.origins()));
        problems.addAll(JarChecks.duplicateClasses(loader, plugins));
        stopIfAny(problems);
        Map<Kind, SortedMap<String, PluginEntry>> entries = new EnumMap<>(Kind.class);
        List<PluginFailure> failures = new ArrayList<>(damaged);
        for (Kind kind : Kind.values()) {
            Providers providers = Providers.load(kind, loader, services.announced(kind));
            failures.addAll(providers.failures());
            entries.put(kind, byName(providers.entries(), problems));
        }
        stopIfAny(problems);
        return new PluginCatalog(loader, dropped, entries, failures, List.copyOf(services.origins()));
    }

    private static SortedMap<String, PluginEntry> byName(List<PluginEntry> found, List<String> problems) {
        SortedMap<String, PluginEntry> byName = new TreeMap<>();
        for (PluginEntry entry : found) {
            PluginEntry first = byName.putIfAbsent(entry.name(), entry);
            if (first != null) {
                problems.add("duplicate " + entry.kind().title() + " '" + entry.name() + "'; found in " + first.origin()
                        + " and " + entry.origin() + "; allowed one of the two");
            }
        }
        return byName;
    }

    private static void stopIfAny(List<String> problems) {
        if (!problems.isEmpty()) {
            throw new CpetException(ExitCode.PLUGIN, String.join("\n", problems));
        }
    }

    /** The loader that sees every plugin. */
    public ClassLoader classLoader() {
        return loader;
    }

    /** The names of a kind, sorted. */
    public Set<String> names(Kind kind) {
        return Collections.unmodifiableSet(byName(kind).keySet());
    }

    /** The extension of that kind and name. */
    public Optional<PluginEntry> find(Kind kind, String name) {
        return Optional.ofNullable(byName(kind).get(name));
    }

    /** Every extension, by kind and name. */
    public List<PluginEntry> entries() {
        return entries.values().stream()
                .flatMap(byName -> byName.values().stream())
                .toList();
    }

    /** The extensions of a kind, by name. */
    public List<PluginEntry> entries(Kind kind) {
        return List.copyOf(byName(kind).values());
    }

    /** Every format of packed layers that compressors state. */
    public List<PackedFormat> packedFormats() {
        return entries(Kind.COMPRESSOR).stream()
                .map(PluginEntry::factory)
                .flatMap(factory -> ((CompressorFactory<?>) factory).formats().stream())
                .toList();
    }

    /** Every format of FFN blocks that compressors state. */
    public List<BlockFormat> blockFormats() {
        return entries(Kind.COMPRESSOR).stream()
                .map(PluginEntry::factory)
                .flatMap(factory -> ((CompressorFactory<?>) factory).blockFormats().stream())
                .toList();
    }

    /** Providers that could not be used. */
    public List<PluginFailure> failures() {
        return failures;
    }

    /** Every plugin jar and every class directory that announces extensions, sorted by path. */
    public List<Origin> origins() {
        return origins.stream()
                .sorted(Comparator.comparing(origin -> origin.path().toString()))
                .toList();
    }

    /** A line for each provider that could not be used and each jar that does not state its SPI version. */
    public List<String> warnings() {
        List<String> warnings =
                new ArrayList<>(failures.stream().map(PluginFailure::text).toList());
        origins().stream()
                .filter(origin -> origin.isJar() && origin.spiVersion().isEmpty())
                .forEach(origin -> warnings.add(origin + " does not state " + SpiVersion.MANIFEST_KEY
                        + "; taken for CPET SPI " + SpiVersion.CURRENT));
        return warnings;
    }

    /** What to say when a name of a kind does not exist, and how serious it is: 4 when a broken provider may hold it. */
    public Unknown unknown(Kind kind, String name) {
        List<String> broken = failures.stream()
                .filter(failure -> failure.concerns(kind))
                .map(PluginFailure::text)
                .toList();
        String what = "no " + kind.title() + " named '" + Message.oneLine(name) + "'";
        Message message = Message.unknown(what, name, names(kind));
        if (!names(kind).isEmpty()) {
            message = message.allowed(String.join(
                    ", ", entries(kind).stream().map(PluginEntry::label).toList()));
        }
        return broken.isEmpty()
                ? new Unknown(ExitCode.RECIPE, message)
                : new Unknown(
                        ExitCode.PLUGIN,
                        new Message(
                                what + " (" + String.join("; ", broken) + ")",
                                message.found(),
                                message.allowed(),
                                message.nearest()));
    }

    /** A name that does not exist. */
    public record Unknown(ExitCode exitCode, Message message) {}

    @Override
    public void close() {
        close(dropped);
    }

    private static void close(Optional<URLClassLoader> dropped) {
        if (dropped.isPresent()) {
            try {
                dropped.get().close();
            } catch (IOException e) {
                throw new CpetException(ExitCode.PLUGIN, "plugin jars cannot be closed: " + e.getMessage(), e);
            }
        }
    }

    private SortedMap<String, PluginEntry> byName(Kind kind) {
        return entries.getOrDefault(kind, new TreeMap<>());
    }
}
