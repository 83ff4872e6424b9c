package org.cpet.runtime.plugin;

import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.cpet.spi.compress.CompressorFactory;

/** Compiles plugin jars while a test runs. */
final class JarBuilder {
    private final Path folder;
    private final Map<String, String> sources = new LinkedHashMap<>();
    private final Map<String, String> files = new LinkedHashMap<>();
    private final Map<String, String> attributes = new LinkedHashMap<>();

    JarBuilder(Path folder) {
        this.folder = folder;
    }

    JarBuilder attribute(String key, String value) {
        attributes.put(key, value);
        return this;
    }

    JarBuilder file(String name, String content) {
        files.merge(name, content, String::concat);
        return this;
    }

    /** A class whose static initialiser leaves a trace, so that a test can tell whether it was ever initialised. */
    JarBuilder compressor(String className, String name) {
        int dot = className.lastIndexOf('.');
        return provider(className, """
                package %s;

                import org.cpet.spi.NoOptions;
                import org.cpet.spi.PluginContext;
                import org.cpet.spi.compress.Compressor;
                import org.cpet.spi.compress.CompressorFactory;

                public final class %s implements CompressorFactory<NoOptions> {
                    static {
                        System.setProperty("loaded." + %s.class.getName(), "true");
                    }

                    @Override
                    public String name() {
                        return "%s";
                    }

                    @Override
                    public String description() {
                        return "does nothing";
                    }

                    @Override
                    public Class<NoOptions> optionsType() {
                        return NoOptions.class;
                    }

                    @Override
                    public Compressor create(NoOptions options, PluginContext context) {
                        throw new IllegalStateException("never made");
                    }
                }
                """.formatted(
                        className.substring(0, dot), className.substring(dot + 1), className.substring(dot + 1), name));
    }

    /** A source that the service file of compressors names. */
    JarBuilder provider(String className, String source) {
        file("META-INF/services/" + CompressorFactory.class.getName(), className + "\n");
        return source(className, source);
    }

    JarBuilder source(String className, String source) {
        sources.put(className, source);
        return this;
    }

    Path build(String fileName) throws IOException {
        Path classes = Files.createTempDirectory(folder, "classes");
        compile(classes);
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.forEach((key, value) -> manifest.getMainAttributes().putValue(key, value));
        Path jar = folder.resolve(fileName);
        Files.createDirectories(jar.getParent());
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest);
                Stream<Path> walk = Files.walk(classes)) {
            for (Path path : walk.filter(Files::isRegularFile).sorted().toList()) {
                out.putNextEntry(
                        new ZipEntry(classes.relativize(path).toString().replace('\\', '/')));
                Files.copy(path, out);
            }
            for (Map.Entry<String, String> entry : files.entrySet()) {
                out.putNextEntry(new ZipEntry(entry.getKey()));
                out.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
        return jar;
    }

    private void compile(Path classes) {
        if (sources.isEmpty()) {
            return;
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<JavaFileObject> units = new ArrayList<>();
        sources.forEach((name, source) -> units.add(new Source(name, source)));
        List<String> options =
                List.of("-proc:none", "-d", classes.toString(), "-cp", System.getProperty("java.class.path"));
        StringWriter messages = new StringWriter();
        if (!compiler.getTask(messages, null, null, options, null, units).call()) {
            throw new IllegalStateException(messages.toString());
        }
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String className, String text) {
            super(URI.create("string:///" + className.replace('.', '/') + ".java"), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
