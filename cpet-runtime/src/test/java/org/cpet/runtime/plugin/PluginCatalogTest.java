package org.cpet.runtime.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.cpet.spi.CpetException;
import org.cpet.spi.ExitCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginCatalogTest {
    @TempDir
    Path folder;

    @Test
    void anExtensionComesFromItsDroppedJar() throws IOException {
        Path jar = jar().attribute("Implementation-Version", "2.1")
                .compressor("com.example.Halve", "halve")
                .build("plugins/halve.jar");
        Files.createDirectories(folder.resolve("plugins/module-folder"));
        Files.writeString(folder.resolve("plugins/notes.txt"), "not a jar");

        try (PluginCatalog catalog = discover(folder.resolve("plugins"))) {
            PluginEntry entry = catalog.find(Kind.COMPRESSOR, "halve").orElseThrow();

            assertThat(catalog.names(Kind.COMPRESSOR)).containsExactly("halve");
            assertThat(entry.label()).isEqualTo("halve (halve.jar)");
            assertThat(entry.description()).isEqualTo("does nothing");
            assertThat(entry.origin().path()).isEqualTo(jar);
            assertThat(entry.origin().version()).contains("2.1");
            assertThat(entry.factory()
                            .getClass()
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation())
                    .isEqualTo(jar.toUri().toURL());
            assertThat(catalog.warnings()).isEmpty();
        }
    }

    @Test
    void aJarsHashIsThatOfItsBytes() throws Exception {
        Path jar = jar().compressor("com.example.Halve", "halve").build("halve.jar");

        try (PluginCatalog catalog = discover(jar)) {
            byte[] digest = java.security.MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(jar));
            assertThat(catalog.origins())
                    .singleElement()
                    .extracting(Origin::sha256)
                    .isEqualTo(HexFormat.of().formatHex(digest));
        }
    }

    @Test
    void aJarForAnotherSpiIsRefusedBeforeItsClassesAreLoaded() throws IOException {
        Path jar = new JarBuilder(folder)
                .attribute("Cpet-Spi-Version", "2.0")
                .compressor("com.example.Future", "future")
                .build("foo.jar");

        CpetException problem = catchThrowableOfType(CpetException.class, () -> discover(jar));

        assertThat(problem)
                .hasMessage(jar + " was built for CPET SPI 2.0; this runtime provides 1.0")
                .extracting(CpetException::exitCode)
                .isEqualTo(ExitCode.PLUGIN);
        assertThat(System.getProperty("loaded.com.example.Future")).isNull();
    }

    @Test
    void aJarThatStatesNoSpiVersionIsTakenWithAWarning() throws IOException {
        Path jar = new JarBuilder(folder)
                .compressor("com.example.Silent", "silent")
                .build("silent.jar");

        try (PluginCatalog catalog = discover(jar)) {
            assertThat(catalog.names(Kind.COMPRESSOR)).containsExactly("silent");
            assertThat(catalog.warnings())
                    .containsExactly(jar + " does not state Cpet-Spi-Version; taken for CPET SPI 1.0");
        }
    }

    @Test
    void twoExtensionsOfOneNameAreRefusedWithBothJars() throws IOException {
        Path first = jar().compressor("com.example.One", "same").build("one.jar");
        Path second = jar().compressor("com.example.Two", "same").build("two.jar");

        CpetException problem = catchThrowableOfType(CpetException.class, () -> discover(first, second));

        assertThat(problem)
                .hasMessage("duplicate compressor 'same'; found in " + first + " and " + second
                        + "; allowed one of the two")
                .extracting(CpetException::exitCode)
                .isEqualTo(ExitCode.PLUGIN);
    }

    @Test
    void aClassInTwoJarsIsRefusedWithBothJars() throws IOException {
        Path first = jar().compressor("com.example.Twice", "twice").build("first.jar");
        Path second = jar().source("com.example.Twice", "package com.example; final class Twice {}")
                .build("second.jar");

        CpetException problem = catchThrowableOfType(CpetException.class, () -> discover(first, second));

        assertThat(problem)
                .hasMessage("duplicate class com.example.Twice; found in " + first + " and " + second
                        + "; allowed one of the two")
                .extracting(CpetException::exitCode)
                .isEqualTo(ExitCode.PLUGIN);
    }

    @Test
    void aCopyOfAClassOfTheSpiIsRefused() throws IOException {
        Path jar = jar().source("org.cpet.spi.NoOptions", "package org.cpet.spi; public record NoOptions() {}")
                .build("shaded.jar");

        CpetException problem = catchThrowableOfType(CpetException.class, () -> discover(jar));

        assertThat(problem)
                .hasMessageStartingWith("duplicate class org.cpet.spi.NoOptions; found in " + jar + " and ")
                .hasMessageEndingWith("; allowed one of the two");
    }

    @Test
    void theSameJarNamedTwiceIsNoDuplicate() throws IOException {
        jar().compressor("com.example.Halve", "halve").build("plugins/halve.jar");

        try (PluginCatalog catalog = discover(folder.resolve("plugins"), folder.resolve("plugins/halve.jar"))) {
            assertThat(catalog.names(Kind.COMPRESSOR)).containsExactly("halve");
        }
    }

    @Test
    void brokenProvidersNeverHideTheRest() throws IOException {
        Path broken = jar().file("META-INF/services/org.cpet.spi.compress.CompressorFactory", "com.example.Absent\n")
                .compressor("com.example.Badly", "Not A Name")
                .provider("com.example.Other", "package com.example; public final class Other {}")
                .build("broken.jar");
        Path damaged = Files.write(folder.resolve("damaged.jar"), new byte[] {'P', 'K', 3, 4, 0});
        Path good = jar().compressor("com.example.Halve", "halve").build("good.jar");

        try (PluginCatalog catalog = discover(broken, damaged, good)) {
            assertThat(catalog.names(Kind.COMPRESSOR)).containsExactly("halve");
            assertThat(catalog.warnings())
                    .satisfiesExactlyInAnyOrder(
                            warning -> assertThat(warning).startsWith(damaged + ": the jar cannot be used: "),
                            warning -> assertThat(warning)
                                    .isEqualTo(broken + ": the compressor com.example.Absent cannot be used:"
                                            + " Provider com.example.Absent not found"),
                            warning -> assertThat(warning)
                                    .isEqualTo(broken + ": the compressor com.example.Badly cannot be used:"
                                            + " not a name for a compressor; found Not A Name;"
                                            + " allowed [a-z][a-z0-9_]*"),
                            warning -> assertThat(warning)
                                    .isEqualTo(broken + ": the compressor com.example.Other cannot be used:"
                                            + " com.example.Other not a subtype"));
        }
    }

    @Test
    void aMissingNameNamesTheBrokenJarsThatMayHoldIt() throws IOException {
        Path damaged = Files.write(folder.resolve("damaged.jar"), new byte[] {'P', 'K', 3, 4, 0});

        try (PluginCatalog catalog = discover(damaged)) {
            PluginCatalog.Unknown unknown = catalog.unknown(Kind.PET, "lora");

            assertThat(unknown.exitCode()).isEqualTo(ExitCode.PLUGIN);
            assertThat(unknown.message().text())
                    .startsWith("no PET method named 'lora' (" + damaged + ": the jar cannot be used: ")
                    .endsWith("); found lora; allowed none");
        }
    }

    @Test
    void anUnknownNameListsWhatThereIsAndTheNearest() throws IOException {
        Path jar = jar().compressor("com.example.Halve", "halve")
                .compressor("com.example.Third", "third")
                .build("example.jar");

        try (PluginCatalog catalog = discover(jar)) {
            PluginCatalog.Unknown unknown = catalog.unknown(Kind.COMPRESSOR, "halves");

            assertThat(unknown.exitCode()).isEqualTo(ExitCode.RECIPE);
            assertThat(unknown.message().text())
                    .isEqualTo("no compressor named 'halves'; found halves;"
                            + " allowed halve (example.jar), third (example.jar); did you mean halve?");
        }
    }

    @Test
    void aPathThatDoesNotExistIsRefused() {
        Path nowhere = folder.resolve("nowhere");

        assertThat(catchThrowableOfType(CpetException.class, () -> discover(nowhere)))
                .hasMessage(nowhere + " does not exist; allowed a plugin jar or directory")
                .extracting(CpetException::exitCode)
                .isEqualTo(ExitCode.PLUGIN);
    }

    private JarBuilder jar() {
        return new JarBuilder(folder).attribute("Cpet-Spi-Version", "1.0");
    }

    private static PluginCatalog discover(Path... paths) {
        return PluginCatalog.discover(PluginCatalogTest.class.getClassLoader(), List.of(paths));
    }
}
