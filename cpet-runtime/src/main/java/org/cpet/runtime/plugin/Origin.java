package org.cpet.runtime.plugin;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.cpet.spi.SpiVersion;

/**
 * Where an extension comes from: a jar, or a directory of classes.
 *
 * @param path as the user named it, or from the class path
 * @param spiVersion what the manifest states as {@code Cpet-Spi-Version}, unchecked
 * @param version what the manifest states as {@code Implementation-Version}
 */
public record Origin(Path path, Optional<String> spiVersion, Optional<String> version) {
    /** Reads the manifest; a directory has none. */
    static Origin of(Path path) {
        if (Files.isDirectory(path)) {
            return new Origin(path, Optional.empty(), Optional.empty());
        }
        try (JarFile jar = new JarFile(path.toFile())) {
            Manifest manifest = jar.getManifest();
            Attributes main = manifest == null ? new Attributes() : manifest.getMainAttributes();
            return new Origin(
                    path,
                    Optional.ofNullable(main.getValue(SpiVersion.MANIFEST_KEY)).map(String::strip),
                    Optional.ofNullable(main.getValue(Attributes.Name.IMPLEMENTATION_VERSION)));
        } catch (IOException e) {
            throw new CpetException(ExitCode.PLUGIN, path + " is not a readable jar: " + e.getMessage(), e);
        }
    }

    /** A place that is neither a jar nor a directory of the file system. */
    static Origin elsewhere() {
        return new Origin(Path.of("unknown"), Optional.empty(), Optional.empty());
    }

    /** The jar or directory that a resource lies in; empty when it is in neither. */
    static Optional<Path> holding(URL resource, String name) {
        try {
            String text = resource.toURI().toString();
            if (text.startsWith("jar:file:") && text.contains("!/")) {
                return Optional.of(Path.of(new URI(text.substring("jar:".length(), text.indexOf("!/")))));
            }
            if (text.startsWith("file:") && text.endsWith(name)) {
                return Optional.of(Path.of(new URI(text.substring(0, text.length() - name.length()))));
            }
            return Optional.empty();
        } catch (URISyntaxException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Whether it is a jar. */
    public boolean isJar() {
        return Files.isRegularFile(path);
    }

    /** A jar's file name, or a directory's whole path. */
    public String label() {
        return isJar() ? String.valueOf(path.getFileName()) : path.toString();
    }

    /** SHA-256 of the jar, or of the names and bytes of the directory's files in the order of their names, in hex. */
    public String sha256() {
        if (!Files.exists(path)) {
            return "unknown";
        }
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (DigestOutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
                for (Path file : files()) {
                    if (!file.equals(path)) {
                        String name = path.relativize(file).toString().replace('\\', '/');
                        digest.update(name.getBytes(StandardCharsets.UTF_8));
                        digest.update((byte) 0);
                    }
                    Files.copy(file, out);
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException | NoSuchAlgorithmException e) {
            throw new CpetException(ExitCode.PLUGIN, path + " cannot be read: " + e.getMessage(), e);
        }
    }

    private List<Path> files() throws IOException {
        if (isJar()) {
            return List.of(path);
        }
        try (Stream<Path> files = Files.walk(path)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
