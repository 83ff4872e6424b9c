package org.cpet.runtime.recipe;

import ai.djl.ndarray.NDArray;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import org.cpet.runtime.plugin.PluginCatalog;
import org.cpet.spi.NoOptions;
import org.cpet.spi.Option;
import org.cpet.spi.PluginContext;
import org.cpet.spi.compress.CalibrationData;
import org.cpet.spi.compress.CompressionReport;
import org.cpet.spi.compress.Compressor;
import org.cpet.spi.compress.CompressorFactory;
import org.cpet.spi.data.DatasetReader;
import org.cpet.spi.data.DatasetReaderFactory;
import org.cpet.spi.data.Row;
import org.cpet.spi.data.TaskFields;
import org.cpet.spi.data.TaskTemplate;
import org.cpet.spi.data.TaskTemplateFactory;
import org.cpet.spi.loss.DistillationLoss;
import org.cpet.spi.loss.DistillationLossFactory;
import org.cpet.spi.loss.OutputKind;
import org.cpet.spi.loss.TeacherOutput;
import org.cpet.spi.metric.MetricFactory;
import org.cpet.spi.metric.MetricMethod;
import org.cpet.spi.model.LinearSpec;
import org.cpet.spi.model.ModelFamilyFactory;
import org.cpet.spi.model.ModelLayout;
import org.cpet.spi.model.ModelOutput;
import org.cpet.spi.model.ModulePlan;
import org.cpet.spi.model.TargetModules;
import org.cpet.spi.model.TokenBatch;
import org.cpet.spi.model.TransformerModel;
import org.cpet.spi.pet.PetMethod;
import org.cpet.spi.pet.PetMethodFactory;
import org.cpet.spi.pet.PetModule;
import org.cpet.spi.recover.RecoveryMethod;
import org.cpet.spi.recover.RecoveryMethodFactory;
import org.cpet.spi.recover.RecoveryModule;

/** Engine-free stand-ins for the plugins that recipes name, announced by a jar of service files. */
public final class StandIns {
    private StandIns() {}

    /** A catalog of all of them; the jar is named {@code cpet-stand-ins-0.1.0.jar}. */
    public static PluginCatalog catalog(Path folder) {
        return PluginCatalog.discover(StandIns.class.getClassLoader(), List.of(jar(folder)));
    }

    private static Path jar(Path folder) {
        Map<Class<?>, List<Class<?>>> services = new LinkedHashMap<>();
        services.put(ModelFamilyFactory.class, List.of(StandInFamily.class));
        services.put(CompressorFactory.class, List.of(Int8.class, Pruning.class));
        services.put(PetMethodFactory.class, List.of(Lora.class));
        services.put(RecoveryMethodFactory.class, List.of(Bottleneck.class));
        services.put(DistillationLossFactory.class, List.of(LogitsMse.class));
        services.put(DatasetReaderFactory.class, List.of(JsonLines.class, TabSeparated.class));
        services.put(TaskTemplateFactory.class, List.of(Sst2.class));
        services.put(MetricFactory.class, List.of(Accuracy.class, F1.class));
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.IMPLEMENTATION_VERSION, "0.1.0");
        manifest.getMainAttributes().putValue("Cpet-Spi-Version", "1.0");
        Path jar = folder.resolve("cpet-stand-ins-0.1.0.jar");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest)) {
            for (Map.Entry<Class<?>, List<Class<?>>> service : services.entrySet()) {
                out.putNextEntry(
                        new ZipEntry("META-INF/services/" + service.getKey().getName()));
                for (Class<?> provider : service.getValue()) {
                    out.write((provider.getName() + "\n").getBytes(StandardCharsets.UTF_8));
                }
                out.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return jar;
    }

    public enum Activations {
        DYNAMIC,
        NONE
    }

    public record Int8Options(
            @Option(description = "input of the layers", defaultValue = "dynamic")
            Activations activations) {}

    public record PruningOptions(
            @Option(description = "share of heads removed", defaultValue = "0.0", min = 0, max = 1, belowMax = true)
            double heads,

            @Option(description = "share of neurons removed", defaultValue = "0.0", min = 0, max = 1, belowMax = true)
            double ffn,

            @Option(description = "indices to keep") Optional<Path> keep) {}

    public record LoraOptions(
            @Option(description = "rank of the update", defaultValue = "8", min = 1)
            int r,

            @Option(description = "scale times rank", defaultValue = "16", min = 0, aboveMin = true)
            double loraAlpha,

            @Option(description = "share of inputs dropped", defaultValue = "0", min = 0, max = 1, belowMax = true)
            double loraDropout,

            @Option(description = "layers by name endings") List<String> targetModules) {}

    public record BottleneckOptions(
            @Option(description = "width", defaultValue = "8", min = 1)
            int r,

            @Option(description = "layers by name endings", defaultValue = "[all-linear]")
            List<String> targetModules) {}

    public record MseOptions(
            @Option(description = "weight of the loss", defaultValue = "0.05", min = 0)
            double alpha) {}

    public record F1Options(
            @Option(
                    description = "average over classes",
                    defaultValue = "auto",
                    allowed = {"auto", "macro"})
            String average) {}

    public static final class Int8 implements CompressorFactory<Int8Options> {
        @Override
        public String name() {
            return "int8";
        }

        @Override
        public String description() {
            return "weights in 8 bits";
        }

        @Override
        public Class<Int8Options> optionsType() {
            return Int8Options.class;
        }

        @Override
        public Compressor create(Int8Options options, PluginContext context) {
            return new Planned(layout ->
                    layout.mapLinears(linear -> linear.role().inBlock()
                            ? linear.stored("int8", (long) linear.out() * linear.in() + 4L * linear.out())
                            : linear));
        }
    }

    public static final class Pruning implements CompressorFactory<PruningOptions> {
        @Override
        public String name() {
            return "structured_pruning";
        }

        @Override
        public String description() {
            return "fewer heads and neurons";
        }

        @Override
        public Class<PruningOptions> optionsType() {
            return PruningOptions.class;
        }

        @Override
        public Compressor create(PruningOptions options, PluginContext context) {
            return new Planned(layout -> {
                layout.linears().stream()
                        .filter(linear -> linear.storage().equals("int8"))
                        .findFirst()
                        .ifPresent(StandIns::refuse);
                return layout.mapLinears(linear -> linear.name().endsWith("ffn")
                        ? linear.resized((int) Math.round(linear.out() * (1 - options.ffn())), linear.in())
                        : linear);
            });
        }
    }

    private static void refuse(LinearSpec linear) {
        throw new org.cpet.spi.OptionException(
                "structured_pruning cannot narrow " + linear.name() + "; found int8; allowed before int8");
    }

    public static final class Lora implements PetMethodFactory<LoraOptions> {
        @Override
        public String name() {
            return "lora";
        }

        @Override
        public String description() {
            return "low-rank updates";
        }

        @Override
        public Class<LoraOptions> optionsType() {
            return LoraOptions.class;
        }

        @Override
        public PetMethod create(LoraOptions options, PluginContext context) {
            return new PetMethod() {
                @Override
                public ModulePlan plan(ModelLayout layout) {
                    return lowRank(new TargetModules(options.targetModules()), options.r(), layout);
                }

                @Override
                public PetModule attach(TransformerModel model) {
                    throw new IllegalStateException("stand-ins never run");
                }
            };
        }
    }

    public static final class Bottleneck implements RecoveryMethodFactory<BottleneckOptions> {
        @Override
        public String name() {
            return "bottleneck";
        }

        @Override
        public String description() {
            return "a bottleneck beside each layer";
        }

        @Override
        public Class<BottleneckOptions> optionsType() {
            return BottleneckOptions.class;
        }

        @Override
        public RecoveryMethod create(BottleneckOptions options, PluginContext context) {
            return new RecoveryMethod() {
                @Override
                public ModulePlan plan(ModelLayout layout) {
                    return lowRank(new TargetModules(options.targetModules()), options.r(), layout);
                }

                @Override
                public RecoveryModule attach(TransformerModel compressed) {
                    throw new IllegalStateException("stand-ins never run");
                }
            };
        }
    }

    public static final class LogitsMse implements DistillationLossFactory<MseOptions> {
        @Override
        public String name() {
            return "logits_mse";
        }

        @Override
        public String description() {
            return "mean squared error of logits";
        }

        @Override
        public Class<MseOptions> optionsType() {
            return MseOptions.class;
        }

        @Override
        public DistillationLoss create(MseOptions options, PluginContext context) {
            return new DistillationLoss() {
                @Override
                public Set<OutputKind> needs() {
                    return Set.of(OutputKind.LOGITS);
                }

                @Override
                public double alpha() {
                    return options.alpha();
                }

                @Override
                public NDArray loss(ModelOutput student, TeacherOutput teacher, TokenBatch batch) {
                    throw new IllegalStateException("stand-ins never run");
                }
            };
        }
    }

    public static final class JsonLines implements DatasetReaderFactory<NoOptions> {
        @Override
        public String name() {
            return "jsonl";
        }

        @Override
        public String description() {
            return "one JSON object a line";
        }

        @Override
        public Class<NoOptions> optionsType() {
            return NoOptions.class;
        }

        @Override
        public DatasetReader create(NoOptions options, PluginContext context) {
            return new Lines("jsonl", 0);
        }
    }

    public static final class TabSeparated implements DatasetReaderFactory<NoOptions> {
        @Override
        public String name() {
            return "tsv";
        }

        @Override
        public String description() {
            return "tabs between columns";
        }

        @Override
        public Class<NoOptions> optionsType() {
            return NoOptions.class;
        }

        @Override
        public DatasetReader create(NoOptions options, PluginContext context) {
            return new Lines("tsv", 1);
        }
    }

    public static final class Sst2 implements TaskTemplateFactory<NoOptions> {
        @Override
        public String name() {
            return "glue/sst2";
        }

        @Override
        public String description() {
            return "sentiment of a sentence";
        }

        @Override
        public Class<NoOptions> optionsType() {
            return NoOptions.class;
        }

        @Override
        public TaskTemplate create(NoOptions options, PluginContext context) {
            return () -> new TaskFields(
                    "tsv",
                    List.of("sentence"),
                    "label",
                    List.of(new TaskFields.LabelWord("0", "negative"), new TaskFields.LabelWord("1", "positive")),
                    "sst2 sentence: {0}");
        }
    }

    public static final class Accuracy implements MetricFactory<NoOptions> {
        @Override
        public String name() {
            return "accuracy";
        }

        @Override
        public String description() {
            return "share of right answers";
        }

        @Override
        public Class<NoOptions> optionsType() {
            return NoOptions.class;
        }

        @Override
        public MetricMethod create(NoOptions options, PluginContext context) {
            throw new IllegalStateException("stand-ins never run");
        }
    }

    public static final class F1 implements MetricFactory<F1Options> {
        @Override
        public String name() {
            return "f1";
        }

        @Override
        public String description() {
            return "harmonic mean of precision and recall";
        }

        @Override
        public Class<F1Options> optionsType() {
            return F1Options.class;
        }

        @Override
        public MetricMethod create(F1Options options, PluginContext context) {
            throw new IllegalStateException("stand-ins never run");
        }
    }

    private static ModulePlan lowRank(TargetModules targets, int rank, ModelLayout layout) {
        Map<String, Long> parameters = new LinkedHashMap<>();
        targets.match(layout)
                .forEach(linear -> parameters.put(linear.name(), (long) rank * (linear.in() + linear.out())));
        return new ModulePlan(parameters, targets.unmatched(layout));
    }

    private record Planned(java.util.function.UnaryOperator<ModelLayout> change) implements Compressor {
        @Override
        public ModelLayout plan(ModelLayout layout) {
            return change.apply(layout);
        }

        @Override
        public CompressionReport compress(TransformerModel model, CalibrationData calibration) {
            throw new IllegalStateException("stand-ins never run");
        }
    }

    private record Lines(String extension, int header) implements DatasetReader {
        @Override
        public List<String> extensions() {
            return List.of(extension);
        }

        @Override
        public List<Row> read(Path file) {
            try {
                List<String> lines = Files.readAllLines(file);
                return IntStream.range(header, lines.size())
                        .mapToObj(i -> new Row(file, i + 1L, Map.of("sentence", lines.get(i), "label", "" + i % 2)))
                        .toList();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
